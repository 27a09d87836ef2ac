import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { bindHq, describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";
const all = serials(40);
const few = serials(4);
/** Devices that one request may name here. */
const atOnce = 2;
const requestsInFull = (all.length - few.length) / atOnce;

const fleet = (list: readonly string[]): string =>
  `new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(list)}, maxRevocations: 100 });`;

describeTrials(
  "a run that is cancelled in the middle of a big take-back",
  (trial) => {
    const up = ["up", "--yes", "--skip-preview"];
    const revocations = async (): Promise<number> => (await trial.world.requests("/disassociate")).length;
    let atSignal = 0;
    const afterThree = async (): Promise<boolean> => {
      atSignal = await revocations();
      return atSignal >= 3;
    };

    beforeEach(async () => {
      trial.stack.program(`${bindHq}${fleet(all)}`);
      await trial.stack.up("--skip-preview");
      await trial.world.act("faults", { match: { path: "assets/disassociate" }, action: { type: "delay", ms: 100 } });
    });

    it("sends nothing more, says what was done and what not, and records what is really there", async () => {
      trial.stack.program(`${bindHq}${fleet(few)}`);
      const { code, text } = await trial.stack.interrupted(afterThree, up);
      assert.notEqual(code, 0);
      const sent = await revocations();
      assert.ok(sent <= atSignal + 1, `${sent - atSignal} requests went out`);
      await trial.world.simulator.settled();
      const holders = await trial.world.holders(keynote);
      assert.equal(holders.length, all.length - sent * atOnce);
      const left = holders.length - few.length;
      assert.match(text, /you have cancelled this run.* \(VPP_RUN_STOPPED\)/);
      assert.match(text, new RegExp(`${left} of 36 devices could not be freed`));
      const releasing = trial.stack.outputs("kiosk").releasing as { serialNumbers: string[] }[];
      assert.deepEqual(
        releasing.flatMap(({ serialNumbers }) => serialNumbers),
        holders.slice(few.length),
      );
      await trial.stack.up("--skip-preview");
      assert.deepEqual(await trial.world.holders(keynote), few);
      await trial.stack.preview("--expect-no-changes");
    });

    it("by SIGTERM and in a destroy the same, and the next destroy finishes", async () => {
      const { code, text } = await trial.stack.interrupted(afterThree, ["destroy", ...up.slice(1)], "SIGTERM");
      assert.notEqual(code, 0);
      const sent = await revocations();
      assert.ok(sent <= atSignal + 1, `${sent - atSignal} requests went out`);
      assert.match(text, /you have cancelled this run.* \(VPP_RUN_STOPPED/);
      await trial.stack.destroy();
      assert.deepEqual(await trial.world.holders(keynote), []);
    });

    const failures = {
      throws: `throw new Error("no");`,
      "calls process.exit": `process.exit(1);`,
      "leaves a rejection unhandled": `Promise.reject(new Error("no"));`,
    };
    for (const [how, failure] of Object.entries(failures)) {
      it(`is not a run whose program ${how} meanwhile: what is on its way then ends as usual`, async () => {
        const wait = `const timer = setInterval(() => {
            if (require("node:fs").existsSync("go")) { clearInterval(timer); ${failure} }
          }, 20);`;
        trial.stack.program(`${bindHq}${fleet(few)}${wait}`);
        const ending = trial.stack.failing(...up);
        while (!(await afterThree())) await delay(10);
        writeFileSync(join(trial.stack.folder, "go"), "");
        const { text } = await ending;
        assert.doesNotMatch(text, /cancelled|VPP_RUN_STOPPED/);
        assert.equal(await revocations(), requestsInFull);
        assert.deepEqual(await trial.world.holders(keynote), few);
      });
    }

    it("is not a run in which another resource fails meanwhile", async () => {
      const other = `new vpp.VppAssignment("broken", { token, apps: ["409183694"], clientUserIds: ["nobody"] });`;
      trial.stack.program(`${bindHq}${fleet(few)}${other}`);
      const { text } = await trial.stack.failing(...up);
      assert.match(text, /VPP_INPUT_UNKNOWN_USER/);
      assert.doesNotMatch(text, /cancelled|VPP_RUN_STOPPED/);
    });
  },
  {
    eventDelayMs: 50,
    limits: { maxRequestPerSecond: 100_000, maxSerialNumbers: atOnce },
    contract: "failed and killed runs",
  },
);
