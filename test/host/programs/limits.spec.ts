import assert from "node:assert/strict";
import { describeInside } from "../../support/insideStack";
import { bindHq } from "../../support/trial";
import { smallLibrary, type World } from "../../support/world";

const apps = Array.from({ length: 25 }, (_, index) => String(500_000_001 + index));
const library = smallLibrary({
  assets: apps.map((adamId, index) => ({ adamId, name: `App ${index}`, totalCount: 20_000 })),
});

const fleet = (appCount: number, devices: number): string => `${bindHq}
  const serials = Array.from({ length: ${devices} }, (_, index) => "F9FW" + String(index).padStart(6, "0"));
  new vpp.VppAssignment("fleet", { token, apps: ${JSON.stringify(apps)}.slice(0, ${appCount}), serialNumbers: serials });`;

/** Associate requests as assets × serial numbers. */
async function associates(world: World): Promise<string[]> {
  const requests = await world.requests("/assets/associate");
  return requests.map(({ body }) => `${body?.assets} x ${body?.serialNumbers}`);
}

describeInside(
  "a service with smaller limits",
  (trial) => {
    it("gets smaller requests", async () => {
      trial.stack.program(fleet(5, 8));
      await trial.stack.up();
      assert.deepEqual((await associates(trial.world)).sort(), [
        "1 x 2",
        "1 x 3",
        "1 x 3",
        "2 x 2",
        "2 x 2",
        "2 x 3",
        "2 x 3",
        "2 x 3",
        "2 x 3",
      ]);
    });

    it("gets users in smaller requests too, and a mark that is cut to fit", async () => {
      trial.stack.program(`${bindHq}
        const ids = Array.from({ length: 7 }, (_, index) => "u" + index);
        const people = new vpp.VppUserSet("people", { token, users: ids.map((clientUserId) => ({ clientUserId })) });
        new vpp.VppAssignment("a", { token, apps: ["${apps[0]}"], clientUserIds: people.clientUserIds });`);
      await trial.stack.up();
      assert.deepEqual(
        (await trial.world.requests("/users/create")).map(({ body }) => body?.users),
        [3, 3, 1],
      );
      assert.deepEqual(
        (await trial.world.requests("/assets/associate")).map(({ body }) => body?.clientUserIds).sort(),
        [3, 4],
      );
      assert.equal((await trial.world.truth()).mdmInfo?.name, "pulumi-vpp organizat");
      await trial.stack.preview("--expect-no-changes");
    });
  },
  {
    libraries: [library],
    limits: {
      maxAssets: 2,
      maxSerialNumbers: 3,
      maxClientUserIds: 4,
      maxUsers: 3,
      maxMdmNameLength: 20,
      maxRequestPerSecond: 100_000,
    },
  },
);
