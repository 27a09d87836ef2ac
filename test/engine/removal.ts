import type { Generator } from "./generator";
import { needs, type ResourceState } from "./resource";
import { fail, type Pass, remove, same } from "./steps";
import type { Targets } from "./targets";

/** A resource that is to be deleted; one that is left over from a replacement counts as part of that. */
interface Removal {
  resource: ResourceState;
  leftOver: boolean;
}

/**
 * Deletes what the program does not name any more, and what replacements have left over. Without a program, that is
 * everything. Comes last, and only when nothing has failed.
 */
export async function removeRest(
  pass: Pass,
  targets: Targets,
  excludes: Targets,
  withDependents: boolean,
  generator?: Generator,
): Promise<void> {
  const removals: Removal[] = [];
  const kept: ResourceState[] = [];
  const allowed = allowedToGo(pass, targets, excludes, withDependents);
  for (const resource of pass.snapshot.base) {
    if (generator?.replacer.gone.has(resource) && !resource.pendingReplacement) continue;
    if (!resource.delete && generator?.handled.has(resource.urn)) continue;
    if (allowed(resource.urn)) removals.push({ resource, leftOver: resource.delete === true });
    else if (!resource.delete) kept.push(resource);
  }
  for (const resource of generator?.doomed ?? [])
    if (allowed(resource.urn)) removals.push({ resource, leftOver: false });
  for (const { resource } of removals) {
    if (!targets.constrained || withDependents || targets.names(resource.urn)) continue;
    const message = `Resource '${resource.urn}' will be destroyed but was not specified in --target list.\nEither include resource in --target list or pass --target-dependents to proceed.`;
    if (!pass.preview) return fail(pass, new Error(message), resource.urn);
    pass.failed = true;
    pass.listener.diagnostic("error", message, resource.urn);
  }
  for (const resource of kept) await same(pass, resource, { ...resource });
  await removeInOrder(pass, removals);
}

function allowedToGo(
  pass: Pass,
  targets: Targets,
  excludes: Targets,
  withDependents: boolean,
): (urn: string) => boolean {
  if (targets.constrained) {
    const allowed = new Set(pass.snapshot.base.filter((r) => targets.names(r.urn)).map((r) => r.urn));
    // Whoever needs what goes has to go too, or the state would point to nothing.
    for (const resource of pass.snapshot.base) {
      if (needs(resource).some((urn) => allowed.has(urn)) && (withDependents || resource.parent))
        allowed.add(resource.urn);
    }
    return (urn) => allowed.has(urn);
  }
  if (!excludes.constrained) return () => true;
  const forbidden = new Set<string>();
  for (const resource of [...pass.snapshot.base].reverse()) {
    if (!excludes.names(resource.urn) && !forbidden.has(resource.urn)) continue;
    for (const urn of [resource.urn, ...needs(resource)]) forbidden.add(urn);
  }
  return (urn) => !forbidden.has(urn);
}

/** Deletes dependents before what they depend on; what is independent goes side by side. */
async function removeInOrder(pass: Pass, removals: Removal[]): Promise<void> {
  let left = [...removals];
  while (left.length > 0 && !pass.pool.cancelled) {
    const needed = new Set<string>();
    const neededLeftOvers = new Set<string>();
    for (const { resource, leftOver } of left) {
      for (const urn of needs(resource)) {
        needed.add(urn);
        if (leftOver) neededLeftOvers.add(urn);
      }
    }
    // A left-over copy shares its URN with its successor, so what needs that URN may well mean the successor.
    const ready = left.filter(({ resource, leftOver }) => !(leftOver ? neededLeftOvers : needed).has(resource.urn));
    const round = ready.length > 0 ? ready : left;
    for (const { resource, leftOver } of round) {
      await pass.pool.begin(async () => {
        await remove(pass, resource, resource.external ? "discard" : leftOver ? "delete-replaced" : "delete");
      });
    }
    await pass.pool.idle();
    left = left.filter((removal) => !round.includes(removal));
  }
}
