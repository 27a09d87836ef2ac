import assert from "node:assert/strict";
import type { Kept } from "../support/hostStack";
import { essence } from "../support/killService";
import {
  type Boundary,
  boundaries,
  KillStage,
  type Operation,
  operations,
  type Undisturbed,
} from "../support/killStage";

/** How many boundaries of each operation are tried; `VPP_KILLS=all` tries every one. */
const sample = process.env.VPP_KILLS === "all" ? "all" : Number(process.env.VPP_KILLS ?? "2");

const claims = [
  "assignedCount",
  "missingCount",
  "surplusCount",
  "releasing",
  "invitedCount",
  "acceptedCount",
  "status",
];

/** What the state says of the service, without when that was seen, and whom it has registered: a host that was killed has left that behind. */
function claimsOf(state: ReadonlyMap<string, Kept>): object {
  const ours = ({ members = [] }: { members?: readonly { registeredByUs: boolean }[] }): number =>
    members.filter(({ registeredByUs }) => registeredByUs).length;
  return Object.fromEntries(
    [...state]
      .filter(([, { kind }]) => kind !== "VppApp")
      .map(([name, { outputs }]) => [name, [...claims.map((key) => outputs[key]), ours(outputs)]]),
  );
}

describe("a kill at a request of the quickstart", function () {
  this.timeout(0);
  let stage: KillStage;
  let undisturbed: Map<Operation, Undisturbed>;

  before(async () => {
    stage = await KillStage.start();
    undisturbed = await stage.rehearse();
  });
  after(() => stage.close());

  const victims: Record<string, { readonly ownProcess: boolean; readonly kill: () => Promise<void> }> = {
    "the provider's host": { ownProcess: false, kill: () => stage.stack.host.kill() },
    "the service": { ownProcess: true, kill: () => stage.service.kill() },
  };

  for (const [victim, { ownProcess, kill }] of Object.entries(victims)) {
    /** Kills at one boundary, runs the same once more, and gives whether the boundary was reached. */
    const disturb = async (operation: Operation, { number, moment }: Boundary): Promise<boolean> => {
      const reference = undisturbed.get(operation)!;
      let wasKilled = false;
      await stage.reset(operation, ownProcess);
      stage.service.gateway.at = async (at, count) => {
        if (wasKilled || at !== moment || count !== number) return undefined;
        wasKilled = true;
        await kill();
        return "drop";
      };
      await stage.perform(operation).catch(() => undefined);
      await stage.perform(operation);
      assert.deepEqual(essence(await stage.service.truth()), reference.truth);
      assert.deepEqual(claimsOf(stage.stack.saved), claimsOf(reference.state));
      if (operation !== "destroy") assert.deepEqual(await stage.preview(), [], "the next preview");
      return wasKilled;
    };

    for (const operation of operations) {
      it(`of ${victim} in the ${operation} is made good by the same command, and nothing is lost`, async () => {
        const places = boundaries(undisturbed.get(operation)!.requests, sample);
        const faults: string[] = [];
        let reached = 0;
        for (const place of places) {
          try {
            if (await disturb(operation, place)) reached++;
          } catch (error) {
            faults.push(`${place.moment} request ${place.number}: ${String(error)}`);
          }
        }
        if (sample === "all") console.log(`      ${reached} of ${places.length} boundaries reached`);
        assert.deepEqual(faults, []);
        assert.ok(reached >= places.length * 0.9, `${reached} of ${places.length} boundaries reached`);
      });
    }
  }
});
