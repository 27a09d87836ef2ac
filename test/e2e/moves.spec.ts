import assert from "node:assert/strict";
import { a, all, b, first, fullLibrary, keynote, moves, program, second, withMoved } from "../support/moves";
import { describeTrials, type Trial } from "../support/trial";

/**
 * There and back. The order of registration is chance: `test/host/programs/moves.spec.ts` goes through more orders, and the campaign through
 * thousands of such moves; here they are whole commands. VPP_MOVES sets the number.
 */
function runsOn({ engine }: Trial): number {
  return Number(process.env.VPP_MOVES ?? (engine.name === "local engine" ? 2 : 1));
}

/** No licence was given back, so nobody lost one, not even for a moment. */
async function assertNobodyLost(trial: Trial, holders: readonly string[]): Promise<void> {
  assert.deepEqual(await trial.world.requests("/disassociate"), []);
  assert.deepEqual(await trial.world.holders(keynote), holders);
}

describeTrials(
  "licences that change hands within a stack",
  (trial) => {
    for (const { title, from, to, targets } of moves) {
      it(`are never given back: ${title}, ${runsOn(trial)} times`, async function () {
        this.timeout(600_000);
        const runs = runsOn(trial);
        trial.stack.program(from);
        await trial.stack.up("--skip-preview");
        await trial.world.forget();
        for (let run = 1; run <= runs; run++) {
          trial.stack.program(run % 2 === 1 ? to : from);
          if (targets === undefined) await trial.stack.up("--skip-preview");
          for (const name of targets ?? []) {
            const { urn } = trial.stack.resource(name);
            await trial.stack.up("--skip-preview", "--target", urn);
            await assertNobodyLost(trial, all);
          }
          await assertNobodyLost(trial, all);
        }
        await trial.stack.preview("--expect-no-changes");
      });
    }

    it("are never given back by a replacement that deletes first", async () => {
      const options = "{ deleteBeforeReplace: true }";
      trial.stack.program(program(a(withMoved(first), options), b(second, options)));
      await trial.stack.up("--skip-preview");
      await trial.world.forget();
      for (const name of ["a", "b"]) {
        const { urn } = trial.stack.resource(name);
        await trial.stack.up("--skip-preview", "--target-replace", urn);
      }
      await assertNobodyLost(trial, all);
    });
  },
  {
    libraries: [fullLibrary],
    contract: "order and targets",
  },
);
