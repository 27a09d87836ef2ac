import { randomUUID } from "node:crypto";
import { Reported } from "./errors";
import { aliasUrns, desired, type Registration, refuseUnsupported, withIgnored } from "./goal";
import type { Difference } from "./host";
import { type Reading, readReference, referred } from "./reference";
import { recreate, replace } from "./replacement";
import { DYNAMIC_PROVIDER_TYPE, differs, makeUrn, nameOf, needs, type ResourceState, STACK_TYPE } from "./resource";
import type { Project, Setting } from "./session";
import { create, fail, type Pass, readExternal, refresh, same, update } from "./steps";
import { equal, type Properties, UNKNOWN, unwrap } from "./values";
import type { Fields } from "./wire";

/** What a pass is told by the command line. */
export interface PassOptions {
  command: "up" | "refresh" | "destroy";
  project: Project;
  stack: string;
  stackUrn: string;
  settings: Record<string, Setting>;
  targets: Set<string>;
  excludes: Set<string>;
  replaceTargets: Set<string>;
  /** Whether the program runs; but for `up`, it then only tells what there is. */
  program: boolean;
  /** Whether every resource is read first. */
  reads: boolean;
  preview: boolean;
  parallel: number;
}

/** Tells whether `--target` and `--exclude` leave a resource in. */
export const included = ({ targets, excludes }: PassOptions, urn: string): boolean =>
  targets.size > 0 ? targets.has(urn) : !excludes.has(urn);

/** Answers a registration. `unknown` stands for outputs that nobody can know. */
type Answer = (state: ResourceState, unknown?: boolean) => void;

/** Decides, one registration after another, what has to be done for each. */
export class Generator {
  /** The resources of before, by URN, without those that wait to be deleted. */
  readonly olds: Map<string, ResourceState>;
  /** The states of now, by URN. */
  readonly news = new Map<string, ResourceState>();
  /** What has been dealt with: the URNs, and for aliased resources the old ones too. */
  readonly handled = new Set<string>();
  /** Old states that a replacement has deleted, or is about to delete, so that nobody deletes them twice. */
  readonly replaced = new Set<ResourceState>();
  /** The URNs of what such a deletion of something else took with it. */
  readonly deleted = new Set<string>();
  /** What has been read because the program named it. */
  readonly readAlready = new Map<ResourceState, ResourceState | undefined>();
  /** What `--target` did not name, and is not there. */
  private readonly skipped = new Set<string>();
  private readonly aliases = new Map<string, string>();
  private readonly seen = new Set<string>();
  private readonly queue: (() => Promise<void>)[] = [];
  private readonly providers = new Map<string, string>();

  constructor(
    readonly pass: Pass,
    private readonly options: PassOptions,
    /** The configuration of today, which the default provider gets. */
    private readonly config: Properties,
  ) {
    this.olds = new Map(pass.snapshot.base.filter((r) => !r.delete).map((r) => [r.urn, r]));
  }

  /**
   * Registers a resource; resolves when its step is done, and never if the pass fails before. Registrations that wait at
   * the same time are taken in an order left to chance: the engine promises none, and what relies on one is to fail here.
   */
  register(goal: Registration): Promise<Fields> {
    return this.inTurn((resolve) => {
      // Components tell their outputs themselves later, so their inputs are all there is to answer.
      const answer: Answer = ({ urn, id = "", custom, inputs, outputs }, unknown = false) =>
        resolve({ urn, id, unknown, object: custom ? outputs : inputs });
      return this.generate(goal, answer);
    });
  }

  private inTurn(work: (answer: (fields: Fields) => void) => Promise<void>): Promise<Fields> {
    return new Promise((resolve) => {
      this.queue.push(() => work(resolve));
      // A moment's wait, since what the program sends together does not arrive in one piece.
      if (this.queue.length === 1) setTimeout(() => void this.pump(), 1);
    });
  }

  /** Reads a reference to another stack, in its turn among the registrations. */
  read(reading: Reading): Promise<Fields> {
    return this.inTurn((answer) => this.refer(reading, answer));
  }

  private async pump(): Promise<void> {
    while (this.queue.length > 0 && !this.pass.pool.cancelled) {
      const at = Math.floor(Math.random() * this.queue.length);
      await this.queue[at]!();
      this.queue.splice(at, 1);
    }
  }

  private async generate(goal: Registration, answer: Answer): Promise<void> {
    const { stack, project } = this.options;
    const urn = makeUrn(stack, project.name, goal.parent, goal.type, goal.name);
    try {
      refuseUnsupported(goal);
      this.see(urn);
      const known = [urn, ...aliasUrns(goal, stack, project.name, this.aliases)].find((each) => this.olds.has(each));
      if (known && known !== urn) {
        if (this.handled.has(known)) throw new Error(`Duplicate resource alias '${known}' applied to '${urn}'`);
        this.aliases.set(urn, known);
        this.handled.add(known);
      }
      if (this.options.command === "refresh" && goal.custom) this.ensureProvider();
      if (this.options.command !== "up") return await this.look(goal, urn, this.olds.get(known ?? urn), answer);
      const next = desired(goal, urn, goal.custom ? this.ensureProvider() : undefined);
      if (known && known !== urn) next.aliases = [known];
      this.handled.add(urn);
      await this.plan(goal, this.olds.get(known ?? urn), next, answer);
    } catch (error) {
      fail(this.pass, error as Error, urn);
    }
  }

  private async refer(reading: Reading, answer: (fields: Fields) => void): Promise<void> {
    const { pass, options } = this;
    const going = options.command === "destroy";
    const provider = going ? "" : this.ensureProvider("pulumi:providers:pulumi");
    const next = referred(reading, options.stack, options.project.name, provider);
    const old = this.olds.get(next.urn);
    try {
      this.see(next.urn);
      this.handled.add(next.urn);
      const tell = ({ urn, outputs }: ResourceState): void => answer({ urn, properties: outputs });
      if (options.command === "up")
        return await pass.pool.begin(async () => (await readExternal(pass, next, old)) && tell(next));
      // A program that only tells what there is changes nothing in the state; what it refers to is looked at all the same.
      const now = old && !going ? await refresh(pass, old) : { ...next, outputs: readReference(next.id!) };
      if (old && !going) this.readAlready.set(old, now);
      if (now) tell(now);
    } catch (error) {
      fail(pass, error as Error, next.urn);
    }
  }

  /** Refuses a name that the program gives twice. */
  private see(urn: string): void {
    if (this.seen.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.seen.add(urn);
  }

  /** Answers a program that only tells what there is, from the state or, in a refresh, by reading. */
  private async look(goal: Registration, urn: string, old: ResourceState | undefined, answer: Answer): Promise<void> {
    const { pass, options } = this;
    const tell = (state = desired(goal, urn, undefined), gone = false): void => answer(state, goal.custom && gone);
    if (options.command === "destroy" || !old || !included(options, urn)) return tell(old, !old);
    await pass.pool.begin(async () => {
      const state = await refresh(pass, old);
      this.readAlready.set(old, state);
      if (pass.failed) pass.pool.cancel();
      else tell(state, !state);
    });
  }

  /** Makes the entry of a default provider in the state true, once. Gives the reference to it. */
  private ensureProvider(type = DYNAMIC_PROVIDER_TYPE): string {
    const made = this.providers.get(type);
    if (made) return made;
    const { pass, options } = this;
    const config = type === DYNAMIC_PROVIDER_TYPE ? this.config : {};
    const urn = makeUrn(options.stack, options.project.name, "", type, "default");
    const old = this.olds.get(urn);
    const now = new Date().toISOString();
    const { id = pass.preview ? UNKNOWN : randomUUID(), created = now } = old ?? {};
    const modified = old && equal(old.inputs, config) ? old.modified : now;
    const next = { urn, custom: true, id, type, inputs: config, outputs: config, created, modified };
    this.handled.add(urn);
    pass.snapshot.settle(next, old);
    if (!old || differs(old, next)) pass.snapshot.save();
    const reference = `${urn}::${id}`;
    this.providers.set(type, reference);
    return reference;
  }

  private async plan(goal: Registration, old: ResourceState | undefined, next: ResourceState, answer: Answer) {
    const { pass, skipped } = this;
    const { urn } = next;
    const begin = (work: () => Promise<boolean>, state = next): Promise<void> =>
      pass.pool.begin(async () => {
        if (!(await work())) return;
        this.news.set(urn, state);
        answer(state);
      });
    if (goal.type !== STACK_TYPE && !included(this.options, urn)) {
      const kept = old && { ...old };
      return kept ? begin(() => same(pass, old, kept), kept) : skipped.add(urn) && answer(next, true);
    }
    const lacking = needs(next).find((need) => skipped.has(need));
    if (lacking)
      throw new Error(`Resource '${urn}' depends on '${lacking}' which was was not specified in --target list.`);
    const forced = old !== undefined && (old.taint === true || this.options.replaceTargets.has(urn));
    const fresh = !old || forced || this.deleted.has(urn);
    const given = old ? withIgnored(goal, old.inputs) : goal.object;
    if (goal.custom) await this.check(next, fresh ? {} : old.inputs, given);
    if (!old) return begin(() => create(pass, next));
    if (this.deleted.has(urn)) return begin(() => recreate(pass, old, next));
    const forcedBy = { changes: true, replaces: [old.taint ? "taint" : "id"], deleteBeforeReplace: false };
    const difference = forced ? forcedBy : await this.diff(old, next);
    if (old.initErrors?.length && next.replaceOnChanges?.includes("*"))
      Object.assign(difference, { changes: true, replaces: ["#initerror"] });
    // Properties to replace for count only together with a change.
    if (old.pendingReplacement || (difference.changes && difference.replaces.length > 0)) {
      if (!forced) await this.check(next, {}, goal.object);
      return begin(await replace(this, goal, old, next, difference));
    }
    const changes = difference.changes || (old.initErrors?.length ?? 0) > 0;
    return begin(() => (changes ? update(pass, old, next) : same(pass, old, next)));
  }

  /** Lets the provider check the inputs, and takes over what it makes of them. Throws when it finds problems. */
  private async check(next: ResourceState, olds: Properties, news: Properties = {}): Promise<void> {
    const { inputs, failures } = await this.pass.host.check(next.urn, olds, news);
    next.inputs = inputs;
    for (const { property, reason } of failures) {
      // The CLI prints the whole value, secrets in clear; a provider that relies on better manners is found out here.
      const value = unwrap(inputs[property] ?? "<nil>");
      const text = typeof value === "string" ? value : JSON.stringify(value);
      const shown = property && `: property ${property} value {${text}}`;
      const message = `${next.type} resource '${nameOf(next.urn)}'${shown} has a problem: ${reason}`;
      this.pass.reporter.diagnostic("error", message, next.urn);
    }
    if (failures.length > 0) throw new Reported();
  }

  private async diff(old: ResourceState, next: ResourceState): Promise<Difference> {
    const byInputs = { changes: !equal(old.inputs, next.inputs), replaces: [], deleteBeforeReplace: false };
    if (!next.custom) return byInputs;
    const answer = await this.pass.host.diff(old, next.inputs);
    return { ...answer, changes: answer.changes ?? byInputs.changes };
  }
}
