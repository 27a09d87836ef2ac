import assert from "node:assert/strict";
import { type Changes, type Name, program, type Stage } from "./routes";

/**
 * Tells when the state has said something for a while: the CLI does not write it at one stroke, so that a reader may see half a file, and a
 * kill at that moment leaves half a file behind.
 */
function forAWhile(isSo: () => boolean): () => boolean {
  let since: number | undefined;
  return () => {
    try {
      since = isSo() ? (since ?? Date.now()) : undefined;
    } catch {
      since = undefined;
    }
    return since !== undefined && Date.now() - since >= 300;
  };
}

/** Crashed stacks, by the stage and what was to be replaced: what has crashed once is good for several routes. */
const crashed = new WeakMap<Stage, Map<string, () => void>>();

/** Forces a replacement of these and kills the engine when all of them are created anew and nothing is deleted. */
export async function crash(stage: Stage, doomed: readonly Name[], changes: Changes = {}): Promise<void> {
  const { stack } = stage;
  const known = crashed.get(stage) ?? new Map<string, () => void>();
  crashed.set(stage, known);
  const again = known.get(doomed.join());
  if (again) again();
  else {
    await stack.expect(0, "state", "taint", ...stage.urns(doomed), "--yes");
    // The engine deletes only after the program has ended, and is killed before.
    stack.program(`${program(changes)} setTimeout(() => {}, 600_000);`);
    await stack.killedUp(forAWhile(() => stage.waiting === doomed.length));
    known.set(doomed.join(), stack.keep());
  }
  stack.program(program(changes));
}

/** Forces a replacement of one resource, which the program has to be deleted first, and kills the engine when it is, before it is created anew. */
export async function crashAfterDelete({ stack, world }: Stage, name: Name, text: string): Promise<void> {
  await world.act("faults", { match: { method: "GET" }, times: "always", action: { type: "delay", ms: 1000 } });
  stack.program(text);
  const isDeleted = (): boolean => stack.resource(name).pendingReplacement === true;
  await stack.killedUp(forAWhile(isDeleted), "--target-replace", stack.resource(name).urn);
  assert.ok(isDeleted());
  await world.simulator.control("DELETE", "faults");
}
