import { unsupported } from "./errors";
import { makeUrn, nameOf, type ResourceState, typeOf } from "./resource";
import type { Properties } from "./values";

type AliasSpec = Record<"name" | "type" | "stack" | "project" | "parenturn", string> & { noparent: boolean };

/** What the program sends to register a resource: the fields that the engine heeds, by their names on the wire. */
export interface Registration {
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  object?: Properties;
  protect?: boolean;
  dependenciesList: string[];
  propertydependenciesMap: [key: string, { urnsList: string[] }][];
  aliasurnsList: string[];
  aliasesList: { urn: string; spec?: AliasSpec }[];
  additionalsecretoutputsList: string[];
  deletebeforereplace: boolean;
  deletebeforereplacedefined: boolean;
  replaceonchangesList: string[];
  retainondelete?: boolean;
  ignorechangesList?: string[];
}

/** The options that the engine does not have. */
const refused =
  "provider providers import version pluginDownloadURL customTimeouts deletedWith replaceWith replacementTrigger hideDiffs envVarMappings transforms hooks remote".split(
    " ",
  );

/** Refuses by name what the engine does not do. Throws a UserError. */
export function refuseUnsupported(registration: Registration): void {
  const { type, name, custom } = registration;
  const says = (value: unknown): boolean =>
    typeof value === "object" && value !== null ? Object.values(value).some(says) : Boolean(value);
  const given = Object.entries(registration).flatMap(([field, value]) => (says(value) ? [field] : []));
  const fields = given.map((field) => field.replace(/(List|Map|id)$/, "").toLowerCase());
  const deep = registration.ignorechangesList?.find((path) => !/^\w+$/.test(path));
  if (deep) throw unsupported(`the path "${deep}" in the resource option "ignoreChanges" (of "${name}")`);
  const option = refused.find((each) => fields.includes(each.toLowerCase()));
  if (option) throw unsupported(`the resource option "${option}" (of "${name}")`);
  if (custom && !type.startsWith("pulumi-nodejs:dynamic/")) throw unsupported(`a resource of the type "${type}"`);
}

/** The resource as the program wants it, before anything has been done for it. */
export function desired(goal: Registration, urn: string, provider: string | undefined): ResourceState {
  const { custom, type, object: inputs = {}, parent, protect, dependenciesList: dependencies } = goal;
  const lists = goal.propertydependenciesMap.map(([key, { urnsList }]) => [key, urnsList]);
  const propertyDependencies = Object.fromEntries(lists) as Record<string, string[]>;
  const additionalSecretOutputs = goal.additionalsecretoutputsList;
  const fate = { protect, retainOnDelete: goal.retainondelete, replaceOnChanges: goal.replaceonchangesList };
  const needed = { parent, provider, dependencies, propertyDependencies };
  return { urn, custom, type, inputs, outputs: {}, ...needed, ...fate, additionalSecretOutputs };
}

/** The inputs with those put back to what they were that the program tells to ignore. */
export function withIgnored({ object = {}, ignorechangesList = [] }: Registration, olds: Properties): Properties {
  const inputs = { ...object };
  for (const name of ignorechangesList) {
    if (name in olds) inputs[name] = olds[name]!;
    else delete inputs[name];
  }
  return inputs;
}

/** The old URNs that a resource may be found under. `used` holds, by URN, the alias under which a parent was found. */
export function aliasUrns(goal: Registration, stack: string, project: string, used: Map<string, string>): string[] {
  const own = goal.aliasesList.map(({ urn, spec }) => {
    if (!spec) return urn;
    const parent = spec.noparent ? "" : spec.parenturn ? (used.get(spec.parenturn) ?? spec.parenturn) : goal.parent;
    return makeUrn(
      spec.stack || stack,
      spec.project || project,
      parent,
      spec.type || goal.type,
      spec.name || goal.name,
    );
  });
  own.push(...goal.aliasurnsList);
  const parent = used.get(goal.parent);
  if (!parent) return own;
  // A child named after its parent is taken to have been named after the parent's old name too.
  const [before, now] = [nameOf(parent), nameOf(goal.parent)];
  const formerly = (name: string): string => (name.startsWith(now) ? before + name.slice(now.length) : name);
  const inherited = (type: string, name: string): string => makeUrn(stack, project, parent, type, formerly(name));
  return [...own, inherited(goal.type, goal.name), ...own.map((urn) => inherited(typeOf(urn), nameOf(urn)))];
}
