import { equal, isSecret, makeSecret, type Properties } from "./values";

/** The CLI whose behaviour and state format this is. */
export const VERSION = "3.260.0";
/** The type of the resource that stands for the stack. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
/** The type of the default provider of all dynamic resources, whose inputs are the configuration. */
export const DYNAMIC_PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";

/** A resource as it stands in the state, under the names that it has there; empty fields are left out in the file. */
export interface ResourceState {
  urn: string;
  custom: boolean;
  type: string;
  id?: string;
  inputs: Properties;
  outputs: Properties;
  parent?: string;
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  /** Is not managed by this stack, only read: a reference to another. */
  external?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  initErrors?: string[];
  protect?: boolean;
  /** Is forgotten, not deleted. What counts is what the state says: the program's word of the same run comes too late. */
  retainOnDelete?: boolean;
  /** Properties whose change is to replace; a dynamic provider names none, so only `*` matters, after a failure in part. */
  replaceOnChanges?: string[];
  /** Waits to be deleted: what a replacement left over. */
  delete?: boolean;
  /** Was deleted to be created anew, and that has not happened yet. */
  pendingReplacement?: boolean;
  /** Is to be replaced by the next update, whatever `diff` says. */
  taint?: boolean;
  created?: string;
  modified?: string;
}

const qualifiedType = (urn: string): string => urn.split("::")[2] ?? "";
/** The type in a URN, without those of its parents. */
export const typeOf = (urn: string): string => qualifiedType(urn).split("$").pop()!;
/** The logical name in a URN. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
export const isProvider = (type: string): boolean => type.startsWith("pulumi:providers:");

export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const above = parent && typeOf(parent) !== STACK_TYPE ? `${qualifiedType(parent)}$` : "";
  return `urn:pulumi:${stack}::${project}::${above}${type}::${name}`;
}

/** The URNs of everything that a resource needs: parent, provider, dependencies. */
export function needs({ dependencies = [], propertyDependencies = {}, parent, provider }: ResourceState): string[] {
  const above = [...(parent ? [parent] : []), ...(provider ? [provider.slice(0, provider.lastIndexOf("::"))] : [])];
  return [...new Set([...dependencies, ...Object.values(propertyDependencies).flat(), ...above])];
}

/** Tells whether two states of a resource differ in a way that has to be written. */
export function differs(old: ResourceState, now: ResourceState): boolean {
  const plain = ({ urn, id, parent, provider, protect, dependencies = [], ...rest }: ResourceState): string => {
    const { retainOnDelete = false, replaceOnChanges = [] } = rest;
    const fate = [protect || false, retainOnDelete, replaceOnChanges];
    return JSON.stringify([urn, id, parent, provider, fate, [...dependencies].sort()]);
  };
  return plain(old) !== plain(now) || !equal(old.inputs, now.inputs) || !equal(old.outputs, now.outputs);
}

/** Marks the outputs that are to be secret: by the resource's option, or because the input of that name is. */
export function markSecrets(state: ResourceState): void {
  const secret = (key: string): boolean => state.additionalSecretOutputs?.includes(key) || isSecret(state.inputs[key]);
  const entries = Object.entries(state.outputs);
  state.outputs = Object.fromEntries(entries.map(([key, v]) => [key, secret(key) && !isSecret(v) ? makeSecret(v) : v]));
}

/** A resource without the fields that say nothing. */
export function compact(resource: ResourceState): ResourceState {
  const says = (value: unknown): boolean =>
    Boolean(value) && (typeof value !== "object" || Object.keys(value!).length > 0);
  const kept = Object.entries(resource).filter(([key, value]) => key === "custom" || says(value));
  return Object.fromEntries(kept) as unknown as ResourceState;
}
