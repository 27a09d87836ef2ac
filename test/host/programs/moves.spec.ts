import assert from "node:assert/strict";
import { describeInside } from "../../support/insideStack";
import { all, fullLibrary, keynote, moves } from "../../support/moves";

/** There and back, in many orders of registration; VPP_MOVES sets the number. */
const runs = Number(process.env.VPP_MOVES ?? 24);

describeInside(
  "licences that change hands within a stack",
  (trial) => {
    for (const { title, from, to, targets } of moves) {
      if (targets !== undefined) continue;
      it(`are never given back: ${title}, ${runs} times`, async () => {
        const { stack, world } = trial;
        stack.program(from);
        await stack.up();
        await world.forget();
        for (let run = 1; run <= runs; run++) {
          stack.program(run % 2 === 1 ? to : from);
          await stack.up();
          assert.deepEqual(await world.requests("/disassociate"), []);
          assert.deepEqual(await world.holders(keynote), all);
        }
        await stack.preview("--expect-no-changes");
      });
    }
  },
  { libraries: [fullLibrary] },
);
