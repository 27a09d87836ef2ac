import { equal, type Properties } from "./values";

/** A resource as it stands in the state. The names of the fields are those of the file. */
export interface ResourceState {
  urn: string;
  custom: boolean;
  /** Waits to be deleted: what a replacement left over. */
  delete?: boolean;
  id?: string;
  type: string;
  inputs?: Properties;
  outputs?: Properties;
  parent?: string;
  protect?: boolean;
  taint?: boolean;
  external?: boolean;
  dependencies?: string[];
  initErrors?: string[];
  provider?: string;
  propertyDependencies?: Record<string, string[]>;
  /** Was deleted to be created anew, and that has not happened yet. */
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  created?: string;
  modified?: string;
  ignoreChanges?: string[];
}

/** The type of the resource that stands for the stack. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
/** What the types of dynamic resources begin with. */
export const DYNAMIC_TYPE = "pulumi-nodejs:dynamic/";

/** The type of the provider that all dynamic resources have. */
export const NODE_PROVIDER = "pulumi:providers:pulumi-nodejs";

/** Tells whether a type is that of a provider. */
export const isProvider = (type: string): boolean => type.startsWith("pulumi:providers:");

/** The logical name in a URN. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** The type in a URN, with the types of its parents before it. */
export const qualifiedType = (urn: string): string => urn.split("::")[2] ?? "";

/** Builds the URN of a resource. */
export function makeUrn(
  stack: string,
  project: string,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  const parents = parent ? qualifiedType(parent) : "";
  const prefix = parents && parents !== STACK_TYPE ? `${parents}$` : "";
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}

/** The URN in a provider reference, which is the URN and the id of a provider. */
export const providerUrn = (reference: string): string => reference.slice(0, reference.lastIndexOf("::"));

/** The URNs of everything that a resource needs: parent, provider, dependencies. */
export function needs(resource: ResourceState): string[] {
  const listed = [...(resource.dependencies ?? []), ...Object.values(resource.propertyDependencies ?? {}).flat()];
  if (resource.parent) listed.push(resource.parent);
  if (resource.provider) listed.push(providerUrn(resource.provider));
  return [...new Set(listed)];
}

/**
 * Drops references to what is not there; where the parent is gone, the stack takes its place. With `tidy`, lists of
 * dependencies that are empty go too, as after a refresh by the CLI. `known` are URNs of what is there besides.
 */
export function mend(resources: ResourceState[], tidy = false, known: string[] = []): ResourceState[] {
  const there = new Set(known);
  const keep = (urns: string[] = []): string[] => urns.filter((urn) => there.has(urn));
  return resources.map((resource) => {
    const dangling = needs(resource).some((urn) => !there.has(urn));
    there.add(resource.urn);
    if (!dangling && !tidy) return resource;
    const lists = Object.entries(resource.propertyDependencies ?? {}).map(([key, urns]) => [key, keep(urns)] as const);
    return {
      ...resource,
      parent: resource.parent && (there.has(resource.parent) ? resource.parent : stackOf(resource.urn, there)),
      dependencies: keep(resource.dependencies),
      propertyDependencies: Object.fromEntries(lists.filter(([, urns]) => urns.length > 0)),
    };
  });
}

const stackOf = (urn: string, there: Set<string>): string | undefined =>
  [...there].find((other) => qualifiedType(other) === STACK_TYPE && other !== urn);

/** Tells whether two states of a resource differ in a way that has to be written. */
export function differs(old: ResourceState, now: ResourceState): boolean {
  const plain = (r: ResourceState): unknown[] => [
    r.urn,
    r.id,
    r.parent,
    r.provider,
    r.protect ?? false,
    [...(r.dependencies ?? [])].sort(),
  ];
  return (
    JSON.stringify(plain(old)) !== JSON.stringify(plain(now)) ||
    !equal(old.inputs ?? {}, now.inputs ?? {}) ||
    !equal(old.outputs ?? {}, now.outputs ?? {})
  );
}
