import type { OnLine } from "./child";
import { InitError, Reported } from "./errors";
import type { Host } from "./host";
import type { Pool } from "./pool";
import { readReference } from "./reference";
import type { Op, Reporter, Step } from "./report";
import { differs, isProvider, markSecrets, type ResourceState } from "./resource";
import type { Snapshot } from "./snapshot";
import { equal } from "./values";

/** What the parts of one pass share. A pass is a preview, or the real thing; every pass has processes of its own. */
export interface Pass {
  preview: boolean;
  snapshot: Snapshot;
  reporter: Reporter;
  pool: Pool;
  /** The provider of all dynamic resources, with the configuration that holds for what is being done. */
  host: Host;
  /** Takes what the processes print. */
  onLine: OnLine;
  /** True once anything has gone wrong; then nothing is deleted any more. */
  failed: boolean;
  /** True once a step has failed, in contrast to the program or a check. */
  stepFailed: boolean;
}

/** Reports an error and lets nothing new begin. */
export function fail(pass: Pass, error: Error, urn?: string): void {
  pass.failed = true;
  if (!(error instanceof Reported)) pass.reporter.diagnostic("error", error.message, urn);
  pass.pool.cancel();
}

const now = (): string => new Date().toISOString();

async function attempt(pass: Pass, step: Step, work: () => Promise<void>): Promise<boolean> {
  pass.reporter.step("begin", step);
  try {
    await work();
    pass.reporter.step("end", step);
    return true;
  } catch (error) {
    pass.stepFailed = true;
    fail(pass, error as Error, step.urn);
    pass.reporter.step("failed", step);
    return false;
  }
}

/** Leaves a resource as it is; only what the program says about it is taken over. */
export function same(pass: Pass, old: ResourceState, next: ResourceState): Promise<boolean> {
  Object.assign(next, { id: old.id, outputs: old.outputs, created: old.created, modified: old.modified });
  return attempt(pass, { op: "same", urn: next.urn, old, now: next }, async () => {
    markSecrets(next);
    pass.snapshot.settle(next, old);
    if (differs(old, next)) pass.snapshot.save();
  });
}

/** Reads what the program refers to and does not manage. */
export function readExternal(pass: Pass, next: ResourceState, old?: ResourceState): Promise<boolean> {
  return attempt(pass, { op: "read", urn: next.urn, old, now: next }, async () => {
    next.outputs = readReference(next.id!);
    pass.snapshot.settle(next, old);
    if (!old || differs(old, next)) pass.snapshot.save();
  });
}

/** Drops from the state what was only read, which nobody is told. */
export async function forget({ snapshot }: Pass, old: ResourceState): Promise<void> {
  snapshot.settle(undefined, old);
  snapshot.save();
}

/** Creates a resource; with `old`, as the replacement of it. */
export function create(pass: Pass, next: ResourceState, old?: ResourceState, replaceKeys?: string[]): Promise<boolean> {
  const op = old ? "create-replacement" : "create";
  return attempt(pass, { op, urn: next.urn, old, now: next, replaceKeys }, () =>
    put(
      pass,
      next,
      "creating",
      () => pass.host.create(next),
      () => {
        if (old?.pendingReplacement) return old;
        if (old) old.delete = true;
        if (old) pass.snapshot.touch(old);
        return undefined;
      },
    ),
  );
}

/** Updates a resource in place. */
export function update(pass: Pass, old: ResourceState, next: ResourceState): Promise<boolean> {
  Object.assign(next, { id: old.id, outputs: old.outputs, created: old.created });
  return attempt(pass, { op: "update", urn: next.urn, old, now: next }, () =>
    put(
      pass,
      next,
      "updating",
      () => pass.host.update(old, next.inputs),
      (failed) => {
        // What is there was not made from the new inputs, so the old ones stay.
        if (failed) next.inputs = old.inputs;
        return old;
      },
    ),
  );
}

/** Makes a resource what it is to be. A call that fails may leave it there all the same. `settle` tells what is gone. */
async function put(
  { preview, snapshot }: Pass,
  next: ResourceState,
  type: string,
  call: () => Promise<Partial<ResourceState>>,
  settle: (failed: boolean) => ResourceState | undefined,
): Promise<void> {
  snapshot.begin(next, type);
  let failure: Error | undefined;
  try {
    if (next.custom) Object.assign(next, preview ? { outputs: { ...next.inputs } } : await call());
  } catch (error) {
    failure = error as Error;
    if (!(error instanceof InitError)) {
      snapshot.end(next);
      throw error;
    }
    Object.assign(next, { id: error.id, outputs: error.properties, initErrors: error.reasons });
  }
  const gone = settle(failure !== undefined);
  Object.assign(next, { created: next.created ?? now(), modified: now() });
  markSecrets(next);
  snapshot.end(next, next, gone);
  if (failure) throw failure;
}

/** Deletes a resource. `toReplace` leaves it in the state, as one that waits to be created anew. */
export function remove(pass: Pass, old: ResourceState, op: Op, toReplace = false): Promise<boolean> {
  const { host, preview, snapshot } = pass;
  return attempt(pass, { op, urn: old.urn, old }, async () => {
    if (old.protect && op === "delete") throw protectedError(`resource "${old.urn}" cannot be deleted\nbecause it is`);
    if (preview) return;
    snapshot.begin(old, "deleting");
    // What waits to be created anew has been deleted already. To delete it for a replacement a second time is what the
    // CLI does, so providers had better bear it.
    const there = old.custom && !old.retainOnDelete && !isProvider(old.type) && (toReplace || !old.pendingReplacement);
    try {
      if (there) await host.delete(old);
    } catch (error) {
      snapshot.end(old);
      throw error;
    }
    if (toReplace) old.pendingReplacement = true;
    snapshot.end(old, undefined, toReplace ? undefined : old);
  });
}

export const protectedError = (what: string): Error =>
  new Error(`${what} protected. To allow it, remove the \`protect\` flag in your Pulumi program and run \`pulumi up\``);

/** Reads a resource anew. Gives its state of now: undefined when it has gone, the old one when it could not be read. */
export async function refresh(pass: Pass, old: ResourceState): Promise<ResourceState | undefined> {
  const step: Step = { op: "refresh", urn: old.urn, old, now: old, result: "same" };
  pass.reporter.step("begin", step);
  try {
    if (old.custom && !isProvider(old.type) && !old.pendingReplacement) await read(pass, old, step);
    pass.reporter.step("end", step);
  } catch (error) {
    pass.failed = pass.stepFailed = true;
    pass.reporter.diagnostic("error", (error as Error).message, old.urn);
    pass.reporter.step("failed", step);
  }
  return step.now;
}

async function read({ host }: Pass, old: ResourceState, step: Step): Promise<void> {
  if (old.external) {
    const outputs = readReference(old.id!);
    const result = equal(outputs, old.outputs) ? "same" : "update";
    return void Object.assign(step, { now: { ...old, outputs }, result });
  }
  const { id, inputs, outputs } = await host.read(old);
  if (!id) return void Object.assign(step, { now: undefined, result: "delete" });
  const state = { ...old, id, inputs, outputs, initErrors: undefined };
  if (differs(old, state)) state.modified = now();
  markSecrets(state);
  const { changes = !equal(inputs, old.inputs) } = await host.diff(state, old.inputs);
  Object.assign(step, { now: state, result: changes ? "update" : "same" });
}
