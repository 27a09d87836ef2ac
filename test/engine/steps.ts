import type { Listener, Op, Step } from "./events";
import type { Provider } from "./host";
import type { Pool } from "./pool";
import { differs, type ResourceState } from "./resource";
import type { Snapshot } from "./snapshot";
import { changedKeys, isSecret, makeSecret, type Properties } from "./values";

/** What the parts of one pass share. A pass is a preview, or the real thing. */
export interface Pass {
  preview: boolean;
  snapshot: Snapshot;
  listener: Listener;
  pool: Pool;
  /** The provider of all dynamic resources, with the configuration that holds for what is being done. */
  provider: Provider;
  /** True once anything has gone wrong; then nothing is deleted any more. */
  failed: boolean;
  /** True once a step has failed, in contrast to the program or a check. */
  stepFailed: boolean;
}

/** A failure of which the user has been told already. */
export class Reported extends Error {}

/** Reports an error and lets nothing new begin. */
export function fail(pass: Pass, error: Error, urn?: string): void {
  pass.failed = true;
  if (!(error instanceof Reported)) pass.listener.diagnostic("error", error.message, urn);
  pass.pool.cancel();
}

/** An error after which the resource is there all the same. */
interface PartialFailure extends Error {
  id: string;
  properties: Properties;
  reasons: string[];
}

const isPartial = (error: unknown): error is PartialFailure =>
  error instanceof Error && error.constructor.name === "InitError";

/** Marks the outputs that are to be secret: by the resource's option, or because the input of that name is. */
function markSecrets(state: ResourceState): void {
  const outputs = { ...state.outputs };
  const also = Object.keys(outputs).filter((key) => isSecret(state.inputs?.[key]));
  for (const key of [...(state.additionalSecretOutputs ?? []), ...also]) {
    if (outputs[key] !== undefined && !isSecret(outputs[key])) outputs[key] = makeSecret(outputs[key]);
  }
  if (state.outputs) state.outputs = outputs;
}

const now = (): string => new Date().toISOString();

async function attempt(pass: Pass, step: Step, work: () => Promise<void>): Promise<boolean> {
  pass.listener.begin(step);
  try {
    await work();
    pass.listener.end(step);
    return true;
  } catch (error) {
    pass.stepFailed = true;
    fail(pass, error as Error, step.urn);
    pass.listener.failed(step);
    return false;
  }
}

/** Leaves a resource as it is; only what the program says about it is taken over. */
export async function same(pass: Pass, old: ResourceState, next: ResourceState): Promise<boolean> {
  Object.assign(next, { id: old.id, outputs: old.outputs, created: old.created, modified: old.modified });
  return attempt(pass, { op: "same", urn: next.urn, old, now: next }, async () => {
    markSecrets(next);
    pass.snapshot.settle(next, old);
    if (differs(old, next)) pass.snapshot.save();
  });
}

/** Creates a resource; with `old`, as the replacement of it. */
export async function create(
  pass: Pass,
  next: ResourceState,
  old?: ResourceState,
  replaceKeys?: string[],
): Promise<boolean> {
  const op: Op = old ? "create-replacement" : "create";
  return attempt(pass, { op, urn: next.urn, old, now: next, replaceKeys }, async () => {
    if (!pass.preview) pass.snapshot.begin(next, "creating");
    let failure: Error | undefined;
    if (next.custom) {
      try {
        const made = pass.preview
          ? { id: undefined, outputs: next.inputs ?? {} }
          : await pass.provider.create(next.urn, next.inputs ?? {});
        Object.assign(next, made);
      } catch (error) {
        failure = error as Error;
        if (isPartial(error))
          Object.assign(next, { id: error.id, outputs: error.properties, initErrors: error.reasons });
      }
    }
    const exists = failure === undefined || isPartial(failure);
    if (exists) {
      Object.assign(next, { created: now(), modified: now() });
      markSecrets(next);
      if (old && !old.pendingReplacement) {
        old.delete = true;
        pass.snapshot.touch(old);
      }
    }
    if (!pass.preview)
      pass.snapshot.end(next, exists ? next : undefined, exists && old?.pendingReplacement ? old : undefined);
    if (failure !== undefined) throw failure;
  });
}

/** Updates a resource in place. */
export async function update(pass: Pass, old: ResourceState, next: ResourceState): Promise<boolean> {
  Object.assign(next, { id: old.id, created: old.created, modified: old.modified });
  return attempt(pass, { op: "update", urn: next.urn, old, now: next }, async () => {
    if (!pass.preview) pass.snapshot.begin(next, "updating");
    let failure: Error | undefined;
    if (next.custom) {
      try {
        next.outputs = pass.preview ? { ...next.inputs } : await pass.provider.update(old, next.inputs ?? {});
        next.modified = now();
      } catch (error) {
        failure = error as Error;
        // What is there was not made from the new inputs, so the old ones stay.
        if (isPartial(error))
          Object.assign(next, {
            outputs: error.properties,
            initErrors: error.reasons,
            inputs: old.inputs,
            modified: now(),
          });
      }
    } else next.outputs = old.outputs;
    const exists = failure === undefined || isPartial(failure);
    if (exists) markSecrets(next);
    if (!pass.preview) pass.snapshot.end(next, exists ? next : undefined, exists ? old : undefined);
    else pass.snapshot.settle(next, old);
    if (failure !== undefined) throw failure;
  });
}

/** Deletes a resource; `op` says whether it is what a replacement left over. `keep` leaves it in the state as pending. */
export async function remove(pass: Pass, old: ResourceState, op: Op, keep = false): Promise<boolean> {
  return attempt(pass, { op, urn: old.urn, old }, async () => {
    if (old.protect && op === "delete") {
      throw new Error(
        `resource "${old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
      );
    }
    if (pass.preview) return;
    pass.snapshot.begin(old, "deleting");
    let failure: Error | undefined;
    // What waits to be created anew has been deleted already. To delete it for a replacement a second time is what the
    // CLI does, so providers had better bear it.
    const there = old.custom && !old.external && (keep || !old.pendingReplacement);
    if (there && !old.type.startsWith("pulumi:")) {
      await pass.provider.delete(old).catch((error: Error) => {
        failure = error;
      });
    }
    if (failure === undefined && keep) {
      old.pendingReplacement = true;
      pass.snapshot.touch(old);
    }
    pass.snapshot.end(old, undefined, failure === undefined && !keep ? old : undefined);
    if (failure !== undefined) throw failure;
  });
}

/** Reads a resource anew. Gives its state of now, or undefined when it has gone or, with `failed`, could not be read. */
export async function refresh(
  pass: Pass,
  old: ResourceState,
): Promise<{ state: ResourceState | undefined; failed: boolean }> {
  const step: Step = { op: "refresh", urn: old.urn, old, now: old, result: "same" };
  pass.listener.begin(step);
  if (!old.custom || old.type.startsWith("pulumi:") || old.pendingReplacement) {
    pass.listener.end(step);
    return { state: old, failed: false };
  }
  try {
    const read = await pass.provider.read(old);
    let state: ResourceState | undefined;
    if (!read.id) Object.assign(step, { now: undefined, result: "delete" });
    else {
      state = { ...old, id: read.id, inputs: read.inputs ?? old.inputs, outputs: read.outputs, initErrors: undefined };
      if (differs(old, state)) state.modified = now();
      markSecrets(state);
      const { changes } = await pass.provider.diff(state, old.inputs ?? {});
      const changed = changes ?? changedKeys(state.inputs, old.inputs).length > 0;
      Object.assign(step, { now: state, result: changed ? "update" : "same" });
    }
    pass.listener.end(step);
    return { state, failed: false };
  } catch (error) {
    pass.failed = true;
    pass.stepFailed = true;
    pass.listener.diagnostic("error", (error as Error).message, old.urn);
    pass.listener.failed(step);
    return { state: old, failed: true };
  }
}
