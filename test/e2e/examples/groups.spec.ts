import assert from "node:assert/strict";
import { describeExample } from "../../support/example";

const keynote = "361285480";
const pages = "361309726";
const numbers = "361304891";
const moving = "9bbb8eb2-ffa6-4ff4-a720";

describeExample("groups", (example) => {
  it("gives each department its apps, by assignments below the component of the department", async () => {
    const { world, stack } = example();
    await example().type("pulumi up");
    const surveyors = stack.resource("surveying-devices");
    assert.match(surveyors.urn, /licences:LicenceGroup\$pulumi-nodejs:dynamic\/vpp:VppAssignment::/);
    assert.deepEqual(surveyors.outputs?.serialNumbers, example().column("devices.csv").slice(0, 8));
    assert.deepEqual(stack.outputs("vpp-groups-dev"), {
      licences: { surveying: 21, "drawing-office": 17, accounts: 6 },
      missing: { surveying: 0, "drawing-office": 0, accounts: 0 },
      peopleInvited: 3,
    });
    const accounts = [...example().column("devices.csv").slice(-4), ...example().column("people.csv").slice(-1)];
    const surveying = example().column("people.csv").slice(0, 5);
    assert.deepEqual(await world.holders(numbers), [...accounts, ...surveying].sort());
  });

  it("moves a person between departments without touching the registration, or an app that both have", async () => {
    const { world } = example();
    example().edit("people.csv", (text) => text.replace(/(9bbb8eb2.*),drawing-office/, "$1,accounts"));
    await world.forget();
    await example().type("pulumi up");
    const writes = (await world.requests()).filter(({ method }) => method === "POST");
    assert.deepEqual(
      writes.map(({ path, body }) => [path.split("/").at(-1), body?.assets, body?.clientUserIds]).sort(),
      [
        ["associate", 1, 1],
        ["disassociate", 1, 1],
      ],
    );
    const has = async (adamId: string): Promise<boolean> => (await world.holders(adamId)).includes(moving);
    assert.deepEqual([await has(keynote), await has(pages), await has(numbers)], [false, true, true]);
  });

  it("does not dissolve a department until that is said to be meant, for one run", async () => {
    const { world } = example();
    const type = (line: string) => example().type(line);
    await type("pulumi config set vpp:maxRevocations 5");
    await type("pulumi up");
    const surveyors = example().column("devices.csv").slice(0, 8);
    example().edit("departments.ts", (text) => text.replace(/^ {2}surveying: .*\n/m, ""));
    for (const file of ["devices.csv", "people.csv"])
      example().edit(file, (text) => text.replace(/^.*,surveying\n/gm, ""));
    const { text } = await example().stack.failingPreview();
    assert.match(
      text,
      /2 assignments leave the program .*at least 21 licences of 8 devices and 5 people would be revoked/s,
    );
    assert.match(text, /set maxRevocations: 13 on VppToken library for this run/);
    await type("pulumi config set vpp:maxRevocations 13");
    await type("pulumi up");
    assert.ok((await world.holders(pages)).every((holder) => !surveyors.includes(holder)));
    await type("pulumi config set vpp:maxRevocations 5");
  });
});
