import { check } from "./check";
import type { Goal } from "./goal";
import type { Difference } from "./host";
import { isProvider, type ResourceState } from "./resource";
import { create, type Pass, remove } from "./steps";
import { UNKNOWN } from "./values";

/** Replaces resources: create first and delete at the end, or the other way round with all that hangs on them. */
export class Replacer {
  /** The URNs of what was deleted because something it depends on is deleted before it is replaced. */
  readonly deleted = new Set<string>();
  /** Old states that have been deleted or are about to be, so that nobody deletes them twice. */
  readonly gone = new Set<ResourceState>();

  constructor(
    private readonly pass: Pass,
    /** The URNs that have been dealt with: these can't depend on what is still to be replaced. */
    private readonly handled: Set<string>,
  ) {}

  /** Plans a replacement. Protected resources refuse it. `begin` takes the steps. */
  async plan(
    goal: Goal,
    old: ResourceState,
    next: ResourceState,
    difference: Difference,
    forced: boolean,
    begin: (steps: () => Promise<boolean>) => Promise<void>,
  ): Promise<void> {
    const { pass } = this;
    if (next.protect && old.protect) {
      const message = `unable to replace resource "${next.urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``;
      if (!pass.preview) throw new Error(message);
      pass.failed = true;
      pass.listener.diagnostic("error", message, next.urn);
    }
    if (!forced) await check(pass, next, {}, goal.inputs);
    const keys = difference.replaces;
    if (!(goal.deleteBeforeReplace ?? difference.deleteBeforeReplace)) {
      return begin(async () => (await create(pass, next, old, keys)) && this.announce(old, next, keys));
    }
    const dependents = await this.replacedWith(old);
    for (const dependent of dependents) {
      if (!dependent.protect) continue;
      throw new Error(
        `unable to replace resource "${dependent.urn}" as part of replacing "${next.urn}" as it is currently marked for protection`,
      );
    }
    for (const resource of [...dependents, old]) this.gone.add(resource);
    for (const resource of dependents) this.deleted.add(resource.urn);
    await begin(async () => {
      for (const resource of [...dependents.reverse(), ...(old.pendingReplacement ? [] : [old])]) {
        if (!(await remove(pass, resource, "delete-replaced", true))) return false;
      }
      return this.replace(old, next, keys);
    });
  }

  /** Creates anew what has been deleted for it. */
  async replace(old: ResourceState, next: ResourceState, keys?: string[]): Promise<boolean> {
    const before = { ...old };
    this.announce(before, next, keys);
    old.pendingReplacement = true;
    return create(this.pass, next, old, keys);
  }

  private announce(old: ResourceState, next: ResourceState, replaceKeys?: string[]): boolean {
    const step = { op: "replace" as const, urn: next.urn, old, now: next, replaceKeys };
    this.pass.listener.begin(step);
    this.pass.listener.end(step);
    return true;
  }

  /** The dependents of a resource that would be replaced if what they take from it changed. */
  private async replacedWith(root: ResourceState): Promise<ResourceState[]> {
    const replaced = new Set([root.urn]);
    const result: ResourceState[] = [];
    for (const resource of this.pass.snapshot.base) {
      if (
        !resource.custom ||
        resource.delete ||
        this.handled.has(resource.urn) ||
        isProvider(resource.type) ||
        this.gone.has(resource)
      )
        continue;
      const unknown = Object.entries(resource.propertyDependencies ?? {}).filter(
        ([key, urns]) => resource.inputs?.[key] !== undefined && urns.some((urn) => replaced.has(urn)),
      );
      if (unknown.length === 0) continue;
      const inputs = { ...resource.inputs, ...Object.fromEntries(unknown.map(([key]) => [key, UNKNOWN])) };
      const { changes = true, replaces } = await this.pass.provider.diff(resource, inputs);
      if (!changes || replaces.length === 0) continue;
      replaced.add(resource.urn);
      result.push(resource);
    }
    return result;
  }
}
