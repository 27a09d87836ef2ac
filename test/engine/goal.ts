import { makeUrn, nameOf, qualifiedType, type ResourceState, STACK_TYPE } from "./resource";
import { getPath, type Properties, parsePath, setPath } from "./values";

/** Another URN under which a resource may have been known. */
export interface Alias {
  urn?: string;
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
  parent?: string;
  noParent?: boolean;
}

/** What the program wants of a resource. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  inputs: Properties;
  protect: boolean;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  aliases: Alias[];
  additionalSecretOutputs: string[];
  deleteBeforeReplace: boolean | undefined;
  ignoreChanges: string[];
}

/** The resource as the program wants it, before anything has been done for it. */
export function desired(
  goal: Goal,
  urn: string,
  provider: string | undefined,
  old: ResourceState | undefined,
): ResourceState {
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs: goal.inputs,
    parent: goal.parent,
    protect: goal.protect,
    dependencies: goal.dependencies,
    provider,
    propertyDependencies: goal.propertyDependencies,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    aliases: old && old.urn !== urn ? [old.urn] : undefined,
    ignoreChanges: goal.ignoreChanges,
    created: old?.created,
    modified: old?.modified,
  };
}

/** The inputs, with the old values where the program said to ignore changes. */
export function withIgnored(inputs: Properties, old: Properties, paths: string[]): Properties {
  if (paths.length === 0) return inputs;
  const result = structuredClone(inputs);
  for (const path of paths.map(parsePath)) setPath(result, path, getPath(old, path));
  return result;
}

/** The old URNs that a resource may be found under. `used` holds, by URN, the alias under which a parent was found. */
export function aliasUrns(goal: Goal, stack: string, project: string, used: Map<string, string>): string[] {
  const own = goal.aliases.map((alias) => {
    if (alias.urn) return alias.urn;
    const parent = alias.noParent ? "" : alias.parent ? (used.get(alias.parent) ?? alias.parent) : goal.parent;
    return makeUrn(
      alias.stack || stack,
      alias.project || project,
      parent,
      alias.type || goal.type,
      alias.name || goal.name,
    );
  });
  const parentAlias = used.get(goal.parent);
  if (!parentAlias) return own;
  const inherited = (type: string, name: string): string => {
    // A child named after its parent is taken to have been named after the parent's old name too.
    const parentName = nameOf(goal.parent);
    const oldName = name.startsWith(parentName) ? nameOf(parentAlias) + name.slice(parentName.length) : name;
    return makeUrn(stack, project, parentAlias, type, oldName);
  };
  const ownType = (urn: string): string => qualifiedType(urn).split("$").pop()!;
  return [...own, inherited(goal.type, goal.name), ...own.map((urn) => inherited(ownType(urn), nameOf(urn)))];
}

/** Tells whether a resource is the stack itself, which no `--target` leaves out. */
export const isStack = (type: string): boolean => type === STACK_TYPE;
