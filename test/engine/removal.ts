import type { Generator } from "./generator";
import { needs, type ResourceState } from "./resource";
import { type Pass, remove, same } from "./steps";
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
  const allowed = allowedToGo(pass, targets, excludes);
  for (const resource of pass.snapshot.base) {
    if (generator?.replacer.gone.has(resource) && !resource.pendingReplacement) continue;
    if (!resource.delete && generator?.handled.has(resource.urn)) continue;
    if (allowed(resource.urn)) removals.push({ resource, leftOver: resource.delete === true });
    else if (!resource.delete) kept.push(resource);
  }
  for (const resource of generator?.doomed ?? [])
    if (allowed(resource.urn)) removals.push({ resource, leftOver: false });
  const unasked = targets.constrained && !withDependents ? removals.filter((r) => !targets.names(r.resource.urn)) : [];
  for (const { urn } of unasked.map(({ resource }) => resource)) {
    const message = `Resource '${urn}' will be destroyed but was not specified in --target list.\nEither include resource in --target list or pass --target-dependents to proceed.`;
    pass.listener.diagnostic("error", message, urn);
  }
  if (unasked.length > 0) {
    pass.failed = true;
    pass.stepFailed = true;
    if (!pass.preview) return;
  }
  for (const resource of kept) await same(pass, resource, { ...resource });
  await removeInOrder(pass, removals);
}

function allowedToGo(pass: Pass, targets: Targets, excludes: Targets): (urn: string) => boolean {
  if (targets.constrained) {
    const allowed = new Set(pass.snapshot.base.filter((r) => targets.names(r.urn)).map((r) => r.urn));
    // Whoever needs what goes has to go too, or the state would point to nothing.
    for (const resource of pass.snapshot.base) {
      if (needs(resource).some((urn) => allowed.has(urn))) allowed.add(resource.urn);
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

/**
 * Deletes in layers: what depends on most goes first, side by side with what is as far from the stack. A resource that
 * depends on nothing but the stack goes last, as with the CLI.
 */
async function removeInOrder(pass: Pass, removals: Removal[]): Promise<void> {
  const layers: Removal[][] = [];
  const depths = new Map<string, number>();
  const order = new Map(pass.snapshot.resources.map((resource, index) => [resource, index]));
  const place = ({ resource }: Removal): number => order.get(resource) ?? order.size;
  for (const removal of [...removals].sort((a, b) => place(a) - place(b))) {
    const depth = Math.max(0, ...needs(removal.resource).map((urn) => (depths.get(urn) ?? -1) + 1));
    depths.set(removal.resource.urn, Math.max(depth, depths.get(removal.resource.urn) ?? 0));
    layers[depth] = [...(layers[depth] ?? []), removal];
  }
  for (const layer of layers.reverse()) {
    for (const { resource, leftOver } of layer ?? []) {
      const op = resource.external ? "discard" : leftOver ? "delete-replaced" : "delete";
      await pass.pool.begin(async () => {
        await remove(pass, resource, op);
      });
    }
    await pass.pool.idle();
  }
}
