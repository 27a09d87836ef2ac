import { randomUUID } from "node:crypto";
import { check } from "./check";
import { aliasUrns, desired, type Goal, isStack, withIgnored } from "./goal";
import type { Difference } from "./host";
import { Replacer } from "./replacement";
import { differs, makeUrn, NODE_PROVIDER, needs, providerUrn, type ResourceState } from "./resource";
import { create, fail, type Pass, refresh, same, update } from "./steps";
import type { Targets } from "./targets";
import { equal, type Properties, UNKNOWN } from "./values";

/** What a pass with a program is told by the command line. */
export interface GeneratorOptions {
  stack: string;
  project: string;
  /** What the program's registrations are for: to make them true, or only to read or delete what is there. */
  mode: "update" | "refresh" | "destroy";
  targets: Targets;
  excludes: Targets;
  replaceTargets: Targets;
  /** The configuration of today, which the default provider gets. */
  config: Properties;
}

/** What a registration is answered with. `unknown` stands for outputs that nobody can know. */
export interface Registered {
  state: ResourceState;
  unknown?: boolean;
}

/** Decides, one registration after another, what has to be done for each. */
export class Generator {
  /** The resources of before, by URN, without those that wait to be deleted. */
  readonly olds = new Map<string, ResourceState>();
  /** What has been dealt with: the URNs, and for aliased resources the old ones too. */
  readonly handled = new Set<string>();
  /** What was not made because `--target` did not name it, or because the program only serves to read or delete. */
  readonly skipped = new Set<string>();
  /** The states of now, by URN. */
  readonly news = new Map<string, ResourceState>();
  /** With `destroy --run-program`: what the program named and is now to go. */
  readonly doomed: ResourceState[] = [];
  readonly replacer: Replacer;
  private readonly usedAliases = new Map<string, string>();
  private readonly seen = new Set<string>();
  private readonly queue: (() => Promise<void>)[] = [];
  private pumping = false;
  private readonly providers = new Map<string, string>();

  constructor(
    readonly pass: Pass,
    readonly options: GeneratorOptions,
  ) {
    this.replacer = new Replacer(pass, this.handled);
    for (const resource of pass.snapshot.base) if (!resource.delete) this.olds.set(resource.urn, resource);
  }

  /** Registers a resource; resolves when its step is done. Never settles if the pass fails before. */
  register(goal: Goal): Promise<Registered> {
    return new Promise((resolve) => this.enqueue(() => this.generate(goal, resolve)));
  }

  /**
   * Registrations that wait at the same time are taken in an order left to chance. The engine promises none either, and
   * code that relies on one is to fail here first.
   */
  private enqueue(work: () => Promise<void>): void {
    this.queue.push(work);
    if (this.pumping) return;
    this.pumping = true;
    // A moment's wait, since what the program sends together does not arrive in one piece.
    setTimeout(() => void this.pump(), 1);
  }

  private async pump(): Promise<void> {
    while (this.queue.length > 0 && !this.pass.pool.cancelled) {
      const [work] = this.queue.splice(Math.floor(Math.random() * this.queue.length), 1);
      await work!();
    }
    this.pumping = false;
  }

  private async generate(goal: Goal, done: (registered: Registered) => void): Promise<void> {
    const urn = makeUrn(this.options.stack, this.options.project, goal.parent, goal.type, goal.name);
    try {
      if (this.seen.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
      this.seen.add(urn);
      const provider = goal.custom ? this.ensureProvider(NODE_PROVIDER, this.options.config) : undefined;
      const old = this.findOld(goal, urn);
      const next = desired(goal, urn, provider, old);
      if (this.options.mode === "refresh" && goal.custom && old && this.included(urn))
        return await this.refreshOnly(old, next, done);
      await this.plan(goal, old, next, done);
    } catch (error) {
      fail(this.pass, error as Error, urn);
    }
  }

  private findOld(goal: Goal, urn: string): ResourceState | undefined {
    for (const candidate of [urn, ...aliasUrns(goal, this.options.stack, this.options.project, this.usedAliases)]) {
      const old = this.olds.get(candidate);
      if (!old) continue;
      if (candidate !== urn) {
        if (this.handled.has(candidate))
          throw new Error(`Duplicate resource alias '${candidate}' applied to resource with URN '${urn}'`);
        this.usedAliases.set(urn, candidate);
        this.handled.add(candidate);
      }
      return old;
    }
    return undefined;
  }

  /** Tells whether `--target` and `--exclude` leave a resource in. */
  included(urn: string): boolean {
    const { targets, excludes } = this.options;
    return targets.constrained ? targets.names(urn) : !excludes.names(urn);
  }

  /** Makes the entry of a package's default provider in the state true, once. Gives the reference to it. */
  private ensureProvider(type: string, config: Properties): string {
    const known = this.providers.get(type);
    if (known) return known;
    const { stack, project, mode } = this.options;
    const urn = makeUrn(stack, project, "", type, "default");
    const old = this.olds.get(urn);
    const id = old?.id ?? (this.pass.preview ? UNKNOWN : randomUUID());
    const now = new Date().toISOString();
    const modified = old && equal(old.inputs ?? {}, config) ? old.modified : now;
    const next = {
      urn,
      custom: true,
      id,
      type,
      inputs: config,
      outputs: config,
      created: old?.created ?? now,
      modified,
    };
    this.handled.add(urn);
    this.pass.snapshot.settle(next, old);
    if (mode === "destroy") this.doomed.push(next);
    if (!this.pass.preview && (!old || differs(old, next))) this.pass.snapshot.save();
    this.providers.set(type, `${urn}::${id}`);
    return `${urn}::${id}`;
  }

  /** Notes what the program has read and Pulumi doesn't manage. Gives its URN. */
  noteRead(type: string, name: string, id: string, parent: string, outputs: Properties): string {
    const urn = makeUrn(this.options.stack, this.options.project, parent, type, name);
    const provider = this.ensureProvider("pulumi:providers:pulumi", {});
    const next = { urn, custom: true, external: true, id, type, inputs: { name: id }, outputs, parent, provider };
    const old = this.olds.get(urn);
    this.handled.add(urn);
    if (this.options.mode === "destroy") this.doomed.push(next);
    this.pass.snapshot.settle(next, old);
    return urn;
  }

  /** Reads a resource where the program serves only to tell what there is. */
  private async refreshOnly(
    old: ResourceState,
    next: ResourceState,
    done: (registered: Registered) => void,
  ): Promise<void> {
    await this.pass.pool.begin(async () => {
      const read = await refresh(this.pass, old);
      if (read.failed) return this.pass.pool.cancel();
      this.handled.add(next.urn);
      this.pass.snapshot.settle(read.state, old);
      if (!this.pass.preview) this.pass.snapshot.save();
      if (read.state) this.finish(read.state, done);
      else this.skip(next, done);
    });
  }

  private finish(state: ResourceState, done: (registered: Registered) => void): void {
    this.news.set(state.urn, state);
    done({ state });
  }

  private skip(next: ResourceState, done: (registered: Registered) => void): void {
    this.skipped.add(next.urn);
    this.handled.add(next.urn);
    const step = { op: "same" as const, urn: next.urn, now: next };
    this.pass.listener.begin(step);
    this.pass.listener.end(step);
    done({ state: next, unknown: true });
  }

  private async plan(
    goal: Goal,
    old: ResourceState | undefined,
    next: ResourceState,
    done: (registered: Registered) => void,
  ): Promise<void> {
    const { pass, options } = this;
    const { urn } = next;
    const step = (work: () => Promise<boolean>): Promise<void> =>
      pass.pool.begin(async () => {
        if (await work()) this.finish(next, done);
      });
    if (options.mode !== "update") {
      const lacking = needs(next).some((need) => this.skipped.has(need));
      if (lacking || (goal.custom && !old)) return this.skip({ ...next, outputs: old?.outputs }, done);
      if (options.mode === "destroy") this.doomed.push(next);
      if (goal.custom && old) {
        next.inputs = old.inputs;
        this.handled.add(urn);
        return step(() => same(pass, old, next));
      }
    }
    const targeted = isStack(goal.type) || this.included(urn);
    if (!targeted && !old) return this.skip(next, done);
    const recreating = this.replacer.deleted.has(urn);
    const forced = old !== undefined && (old.taint === true || options.replaceTargets.names(urn));
    if (goal.custom && targeted) {
      const fresh = !old || recreating || forced;
      await check(
        pass,
        next,
        fresh ? {} : (old.inputs ?? {}),
        fresh ? goal.inputs : withIgnored(goal.inputs, old.inputs ?? {}, goal.ignoreChanges),
      );
    }
    this.refuseSkipped(next);
    this.handled.add(urn);
    if (old && !targeted) {
      await this.keepNeeds(old);
      const kept = { ...old };
      return pass.pool.begin(async () => {
        if (await same(pass, old, kept)) this.finish(kept, done);
      });
    }
    if (!old) return step(() => create(pass, next));
    if (recreating) {
      this.replacer.deleted.delete(urn);
      return step(() => this.replacer.replace(old, next));
    }
    const difference = await this.diff(goal, old, next, forced);
    // Properties to replace for count only together with a change.
    const changes = difference.changes || old.pendingReplacement;
    if (changes && (difference.replaces.length > 0 || old.pendingReplacement))
      return this.replacer.plan(goal, old, next, difference, forced, step);
    if (difference.changes || (old.initErrors?.length ?? 0) > 0) return step(() => update(pass, old, next));
    return step(() => same(pass, old, next));
  }

  private async diff(goal: Goal, old: ResourceState, next: ResourceState, forced: boolean): Promise<Difference> {
    const none: Difference = { changes: true, replaces: [], deleteBeforeReplace: false };
    if (forced) return { ...none, replaces: [old.taint ? "taint" : "id"] };
    const byInputs = !equal(old.inputs ?? {}, next.inputs ?? {});
    if (!goal.custom) return { ...none, changes: byInputs };
    if (old.provider && next.provider && providerUrn(old.provider) !== providerUrn(next.provider))
      return { ...none, replaces: ["provider"] };
    const answer = await this.pass.provider.diff(old, next.inputs ?? {});
    return { ...answer, changes: answer.changes ?? byInputs };
  }

  /** What is not targeted stays, and so must all it needs, even if the program has it no more. */
  private async keepNeeds(resource: ResourceState): Promise<void> {
    for (const urn of needs(resource)) {
      const need = this.olds.get(urn);
      if (!need || this.handled.has(urn) || this.seen.has(urn)) continue;
      this.handled.add(urn);
      await this.keepNeeds(need);
      await same(this.pass, need, { ...need });
    }
  }

  private refuseSkipped(next: ResourceState): void {
    for (const urn of needs(next)) {
      if (!this.skipped.has(urn)) continue;
      const message = `Resource '${next.urn}' depends on '${urn}' which was was not specified in --target list.`;
      if (!this.pass.preview) throw new Error(message);
      this.pass.failed = true;
      this.pass.listener.diagnostic("error", message, next.urn);
      this.skipped.delete(urn);
    }
  }
}
