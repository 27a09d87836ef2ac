import { type Generator, included, type PassOptions } from "./generator";
import { needs, type ResourceState } from "./resource";
import { fail, forget, type Pass, remove, same } from "./steps";

/**
 * Deletes what the program does not name any more, and what replacements have left over. Without a program, that is
 * everything. Comes last, and only when nothing has failed.
 */
export async function removeRest(pass: Pass, options: PassOptions, generator?: Generator): Promise<void> {
  const doomed: ResourceState[] = [];
  const spared = new Set<string>();
  for (const resource of [...pass.snapshot.base].reverse())
    if (options.excludes.has(resource.urn) || spared.has(resource.urn))
      for (const urn of needs(resource)) spared.add(urn);
  for (const resource of pass.snapshot.base) {
    const { urn } = resource;
    if (generator?.replaced.has(resource) && !resource.pendingReplacement) continue;
    if (!resource.delete && options.command === "up" && generator?.handled.has(urn)) continue;
    if (included(options, urn) && !spared.has(urn)) doomed.push(resource);
    // Whoever needs what goes would have to go too, or the state would point to nothing.
    else if (needs(resource).some((need) => doomed.some((going) => going.urn === need && !going.delete)))
      return fail(pass, new Error(`Resource '${urn}' will be destroyed but was not specified in --target list.`), urn);
    else if (!resource.delete) await same(pass, resource, { ...resource });
  }
  // What depends on most goes first, side by side with what is as far from the stack. A resource that depends on nothing
  // but the stack goes last, as with the CLI. The resources come each after what it needs.
  const layers: ResourceState[][] = [];
  const depths = new Map<string, number>();
  for (const resource of doomed) {
    const depth = Math.max(0, ...needs(resource).map((urn) => (depths.get(urn) ?? -1) + 1));
    depths.set(resource.urn, Math.max(depth, depths.get(resource.urn) ?? 0));
    layers[depth] = [...(layers[depth] ?? []), resource];
  }
  for (const layer of layers.reverse()) {
    for (const resource of layer)
      await pass.pool.begin(() =>
        resource.external
          ? forget(pass, resource)
          : remove(pass, resource, resource.delete ? "delete-replaced" : "delete"),
      );
    await pass.pool.idle();
  }
}
