import assert from "node:assert/strict";
import fc from "fast-check";
import type { Write } from "../../../../provider/apple/library/log/writes";
import { runs } from "../../../support/runs";
import { type App, apps, keyOf, LogModel, type Proof, type Step, targets } from "./libraryLogModel";

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom("write", "process", "process", "learn", "read", "page", "end", "count", "counted", "admin"),
  pick: fc.nat(11),
  pairs: fc.nat(63),
  how: fc.constantFrom("well", "well", "badly", "worse"),
});

const after = { give: "held", takeBack: "free" } as const;
const longAgo = Number.NEGATIVE_INFINITY;

/** When the newest thing began that a claim about a pair can rest on: a reading that shows it, or a write that was done in full. */
function evidenceBegan(proofs: readonly Proof[], writes: readonly Write[], isHeld: boolean): number {
  const readings = proofs.filter((proof) => proof.isHeld === isHeld).map(({ began }) => began);
  const done = writes.filter(({ status, action }) => status === "complete" && (action === "give") === isHeld);
  return Math.max(longAgo, ...readings, ...done.map(({ sentAt }) => sentAt));
}

/** Holds what the log says of a pair against the truth, and against what it may know of it. */
function judge(model: LogModel, app: App, target: string): void {
  const state = model.log.viewOf(app, "device").state(target);
  const proofs = model.proofs.get(keyOf(app, target)) ?? [];
  const writes = model.sent
    .map(({ write }) => write)
    .filter((write) => write.apps.has(app) && write.targets.has(target));
  const newest = Math.max(longAgo, ...proofs.map(({ began }) => began));
  if (state !== "unknown") {
    const since = evidenceBegan(proofs, writes, state === "held");
    assert.ok(since > longAgo, `${state} without any evidence`);
    assert.ok(model.wasEver(app, target, state === "held", since), `${state}, and it never was since then`);
  }
  for (const write of writes) {
    const isSettled = write.status === "complete" || write.status === "failed";
    if (
      write.status === "failed" &&
      newest <= write.settledAt &&
      !writes.some((other) => other.settledAt > write.settledAt)
    )
      assert.equal(state, "unknown", "a failed write leaves its pairs unknown until a later reading");
    if (!isSettled && (newest < write.sentAt || state !== after[write.action]))
      if (
        !writes.some(
          (other) => other.status === "complete" && other.settledAt > write.sentAt && other.action === write.action,
        )
      )
        assert.equal(
          state,
          "unknown",
          `a ${write.status} write leaves its pairs unknown unless a later reading shows it done`,
        );
    const isAlone = writes.every(
      (other) => other === write || (other.status !== "lost" && other.settledAt < write.sentAt),
    );
    if (write.status === "complete" && isAlone && newest < write.settledAt)
      assert.equal(state, after[write.action], "a write done in full settles its pairs");
  }
}

function judgeCounts(model: LogModel, app: App): void {
  const { log } = model;
  const view = log.viewOf(app, "device");
  assert.deepEqual(
    [...view.known()].sort(),
    targets.filter((target) => view.state(target) === "held"),
    "those known to hold it are those whose state is held",
  );
  const counts = model.counts.get(app) ?? [];
  if (counts.length === 0 || log.touched(app) !== "no") return;
  const began = Math.max(...counts.map((count) => count.began));
  assert.ok(log.free(app) <= model.mostFreeSince(app, began), `${log.free(app)} free, and there never were so many`);
}

describe("log of a library", () => {
  it("never claims of a pair what was not so since its evidence began, whatever was read and written in whichever order", () => {
    const property = fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const model = new LogModel();
      for (const each of steps) {
        model.take(each);
        for (const app of apps) {
          for (const target of targets) judge(model, app, target);
          judgeCounts(model, app);
        }
      }
    });
    fc.assert(property, runs(1500));
  }).timeout(0);

  it("is told enough in these histories to know something at their end", () => {
    const seen = { held: 0, free: 0, unknown: 0 };
    for (const steps of fc.sample(fc.array(step, { minLength: 30, maxLength: 60, size: "max" }), runs(300))) {
      const model = new LogModel();
      for (const each of steps) model.take(each);
      for (const app of apps) for (const target of targets) seen[model.log.viewOf(app, "device").state(target)]++;
    }
    const all = seen.held + seen.free + seen.unknown;
    for (const [state, count] of Object.entries(seen))
      assert.ok(count > all / 20, `only ${count} of ${all} are ${state}`);
  });
});
