import assert from "node:assert/strict";
import { describeTrials, js } from "../support/trial";
import { serials, smallLibrary } from "../support/world";

const [held, fresh] = serials(2) as [string, string];
const ada = "ada@contoso.example";

describeTrials(
  "a program with look-ups",
  (trial) => {
    it("uses them in its preview as in its up, keeps people secret, and reads the library once", async () => {
      const { world, stack } = trial;
      stack.program(`
        const token = new vpp.VppToken("hq");
        const found = vpp.getVppAppsOutput({ token, name: "keynote" });
        const people = vpp.getVppUsersOutput({ token });
        new vpp.VppAssignment("devices", {
          token,
          apps: [found.apps[0].adamId],
          serialNumbers: vpp.getVppAssignments({ adamId: "409183694" })
            .then(({ assignments }) => [...assignments.map(({ serialNumber }) => serialNumber), ${js(fresh)}]),
        });
        exports.free = found.apps[0].availableCount;
        exports.people = people.users;
        exports.organization = vpp.getVppToken().then(({ organizationName }) => organizationName);
      `);
      const preview = await stack.preview();
      assert.match(preview.text, /VppAssignment devices: 2 devices added. 2 licences to assign/);
      assert.ok(!preview.text.includes(ada));
      // The program and the provider's host are two processes, and read what both need each for itself.
      const read = async (path: string): Promise<number> => (await world.requests(`/${path}`)).length;
      assert.deepEqual(
        [await read("users"), (await read("assets")) <= 2, (await read("client/config")) <= 2],
        [1, true, true],
      );

      const up = await stack.up();
      assert.deepEqual(await world.holders("361285480"), [held, fresh]);
      assert.ok(!up.text.includes(ada) && !stack.stateText().includes(ada));
      const { free, people, organization } = stack.outputs("trial-dev");
      assert.deepEqual([free, organization], [40, "Contoso"]);
      assert.deepEqual(
        (people as { email: string }[]).map(({ email }) => email),
        [ada],
      );
    });
  },
  {
    contract: "secrets",
    libraries: [
      smallLibrary({
        users: [{ clientUserId: "ada", email: ada }],
        assignments: [{ adamId: "409183694", serialNumbers: [held] }],
      }),
    ],
  },
);
