import assert from "node:assert/strict";
import { describeExample, librariesOf } from "../../support/example";

const libraries = librariesOf("beside-an-mdm");
const { id } = libraries[0]!.mdmInfo!;
const dockscan = "409183694";

describeExample(
  "beside-an-mdm",
  (example, isLast) => {
    if (isLast)
      it("is refused with the id of the service that has the library, until that id is in the settings", async () => {
        const { text } = await example().stack.failingPreview();
        assert.match(text, new RegExp(`Fleetwise Device Management.*${id}`));
      });

    it("gives what is missing, and leaves the mark and everybody else's licences alone", async () => {
      const { world, stack } = example();
      await example().type(`pulumi config set managedBy ${id}`);
      await example().type("pulumi up");
      assert.deepEqual(await world.holders(dockscan), [...example().column("devices.csv"), "F9FWHQ0077"].sort());
      const writes = (await world.requests()).filter(({ method }) => method === "POST");
      // One app for the two devices that had the other already, both apps for the other two.
      assert.deepEqual(writes.map(({ body }) => [body?.assets, body?.serialNumbers]).sort(), [
        [1, 2],
        [2, 2],
      ]);
      assert.deepEqual((await world.truth()).mdmInfo, libraries[0]!.mdmInfo);
      assert.equal(stack.outputs("vpp-beside-an-mdm-dev").managedBy, "Fleetwise Device Management");
    });

    it("lets a device go that keeps its licences", async () => {
      const { world } = example();
      const before = await world.truth();
      example().edit("devices.csv", (text) => text.replace(/F9FWHQ0004.*\n/, ""));
      await example().type("pulumi up");
      assert.deepEqual(await world.truth(), before);
    });
  },
  { libraries },
);
