import type { Generator } from "./generator";
import type { Registration } from "./goal";
import type { Difference } from "./host";
import { isProvider, type ResourceState } from "./resource";
import { create, type Pass, protectedError, remove } from "./steps";
import { UNKNOWN } from "./values";

/** Plans a replacement: create first and delete at the end, or the other way round with all that hangs on it. */
export async function replace(
  generator: Generator,
  goal: Registration,
  old: ResourceState,
  next: ResourceState,
  { replaces, deleteBeforeReplace }: Difference,
): Promise<() => Promise<boolean>> {
  const { pass } = generator;
  const refuse = ({ urn }: ResourceState): never => {
    throw protectedError(`unable to replace resource "${urn}"\nas it is currently marked as`);
  };
  if (next.protect && old.protect) refuse(old);
  if (!(goal.deletebeforereplacedefined ? goal.deletebeforereplace : deleteBeforeReplace))
    return async () => (await create(pass, next, old, replaces)) && announce(pass, old, next, replaces);
  const dependents = await dependentsToReplace(generator, old);
  for (const dependent of dependents) {
    if (dependent.protect) refuse(dependent);
    generator.deleted.add(dependent.urn);
  }
  for (const resource of [...dependents, old]) generator.replaced.add(resource);
  return async () => {
    for (const resource of [...dependents.reverse(), ...(old.pendingReplacement ? [] : [old])])
      if (!(await remove(pass, resource, "delete-replaced", true))) return false;
    return recreate(pass, old, next, replaces);
  };
}

/** Creates anew what has been deleted for it. */
export function recreate(
  pass: Pass,
  old: ResourceState,
  next: ResourceState,
  replaceKeys?: string[],
): Promise<boolean> {
  announce(pass, { ...old }, next, replaceKeys);
  old.pendingReplacement = true;
  return create(pass, next, old, replaceKeys);
}

function announce({ reporter }: Pass, old: ResourceState, now: ResourceState, replaceKeys?: string[]): true {
  const step = { op: "replace", urn: now.urn, old, now, replaceKeys } as const;
  for (const moment of ["begin", "end"] as const) reporter.step(moment, step);
  return true;
}

/** The dependents of a resource that would be replaced if what they take from it changed. */
async function dependentsToReplace(
  { pass, handled, replaced }: Generator,
  root: ResourceState,
): Promise<ResourceState[]> {
  const urns = new Set([root.urn]);
  const result: ResourceState[] = [];
  for (const resource of pass.snapshot.base) {
    const { urn, inputs, propertyDependencies = {} } = resource;
    if (
      !resource.custom ||
      resource.external ||
      resource.delete ||
      isProvider(resource.type) ||
      handled.has(urn) ||
      replaced.has(resource)
    )
      continue;
    const taken = Object.keys(propertyDependencies).filter((key) =>
      propertyDependencies[key]!.some((from) => urns.has(from)),
    );
    const unknown = taken.filter((key) => inputs[key] !== undefined).map((key) => [key, UNKNOWN] as const);
    if (unknown.length === 0) continue;
    const { changes = true, replaces } = await pass.host.diff(resource, { ...inputs, ...Object.fromEntries(unknown) });
    if (!changes || replaces.length === 0) continue;
    urns.add(urn);
    result.push(resource);
  }
  return result;
}
