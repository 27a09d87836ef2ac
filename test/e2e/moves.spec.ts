import assert from "node:assert/strict";
import { engines } from "../support/engines";
import { bindHq, describeTrials, js, type Trial } from "../support/trial";
import { serials, smallLibrary } from "../support/world";

const keynote = "361285480";
/**
 * The order of registration is chance, so each move is run several times, and more often on the local engine, which shuffles on purpose. The
 * campaign lives through thousands of such moves against the provider's process; here they are whole commands. VPP_MOVES sets the number.
 */
function runsOn({ engine }: Trial): number {
  const [alone, besideCli, onCli] = [6, 3, 1];
  const onLocal = engines().length > 1 ? besideCli : alone;
  return Number(process.env.VPP_MOVES ?? (engine.name === "local engine" ? onLocal : onCli));
}

/** An assignment of a program: its devices and its options. */
interface Part {
  readonly name: string;
  readonly serialNumbers: readonly string[];
  readonly options?: string;
}

function program(...parts: readonly Part[]): string {
  const lines = parts.map(
    ({ name, serialNumbers, options = "{}" }) =>
      `const ${name} = new vpp.VppAssignment("${name}", { token, apps: ["${keynote}"], serialNumbers: ${js(serialNumbers)} }, ${options});`,
  );
  return [bindHq, ...lines].join("\n");
}

/** No licence was given back, so nobody lost one, not even for a moment. */
async function assertNobodyLost(trial: Trial, holders: readonly string[]): Promise<void> {
  assert.deepEqual(await trial.world.requests("/disassociate"), []);
  assert.deepEqual(await trial.world.holders(keynote), holders);
}

const [moved, ...others] = serials(6) as [string, ...string[]];
const all = serials(6);
const first = others.slice(0, 3);
const second = others.slice(3);

/** Two programs between which licences only change hands within the stack. */
interface Move {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  /** Resources to name with `--target`, a run each, in turn. */
  readonly targets?: readonly string[];
}

const a = (serialNumbers: readonly string[], options?: string): Part => ({ name: "a", serialNumbers, options });
const b = (serialNumbers: readonly string[], options?: string): Part => ({ name: "b", serialNumbers, options });
const withMoved = (list: readonly string[]): string[] => [moved, ...list];

const moves: readonly Move[] = [
  {
    title: "a device moves between independent assignments",
    from: program(a(withMoved(first)), b(second)),
    to: program(a(first), b(withMoved(second))),
  },
  {
    title: "a device moves between assignments one of which depends on the other",
    from: program(a(withMoved(first)), b(second, "{ dependsOn: a }")),
    to: program(a(first), b(withMoved(second), "{ dependsOn: a }")),
  },
  {
    title: "a device moves under --target, one assignment after the other",
    from: program(a(withMoved(first)), b(second)),
    to: program(a(first), b(withMoved(second))),
    targets: ["a", "b"],
  },
  {
    title: "a device moves between assignments that are deleted before they are replaced",
    from: program(a(withMoved(first), "{ deleteBeforeReplace: true }"), b(second, "{ deleteBeforeReplace: true }")),
    to: program(a(first, "{ deleteBeforeReplace: true }"), b(withMoved(second), "{ deleteBeforeReplace: true }")),
  },
  {
    title: "an assignment is renamed",
    from: program({ name: "old", serialNumbers: all }),
    to: program({ name: "young", serialNumbers: all }),
  },
  {
    title: "an assignment is split in two, and the two become one again",
    from: program({ name: "whole", serialNumbers: all }),
    to: program({ name: "left", serialNumbers: withMoved(first) }, { name: "right", serialNumbers: second }),
  },
];

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
    libraries: [smallLibrary({ assets: [{ adamId: keynote, name: "Keynote", totalCount: 6 }] })],
    contract: "order and targets",
  },
);
