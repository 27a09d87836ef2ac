import assert from "node:assert/strict";
import { describeExample, librariesOf } from "../../support/example";

const libraries = librariesOf("several-libraries");
const [bergen, oslo] = libraries.map(({ libraryId }) => libraryId) as [string, string];
const deckLog = "1510284466";

describeExample(
  "several-libraries",
  (example) => {
    it("binds every library in one stack, each by its own content token", async () => {
      const { world, stack } = example();
      delete stack.env.VPP_CONTENT_TOKEN_FILE;
      for (const [name, library] of Object.entries({ BERGEN: bergen, OSLO: oslo })) {
        const file = world.path(`${name}.vpptoken`);
        await world.act("tokens", { library, action: "issue", name: "of-the-test", file });
        stack.env[`VPP_CONTENT_TOKEN_${name}_FILE`] = file;
      }
      await example().type("pulumi up");
      for (const library of [bergen, oslo])
        assert.match((await world.truth(library)).mdmInfo?.name ?? "", /organization\/vpp-several-libraries\/tokens/);
    });

    it("gives licences from a stack for one library, with that library's content token alone", async () => {
      const { world, stack } = example();
      delete stack.env.VPP_CONTENT_TOKEN_OSLO_FILE;
      await example().newStack("bergen");
      const marks = [(await world.truth(bergen)).mdmInfo, (await world.truth(oslo)).mdmInfo];
      await example().type("pulumi up");
      const { assignments, mdmInfo } = await world.truth(bergen);
      assert.deepEqual(
        assignments.filter(({ adamId }) => adamId === deckLog).map(({ serialNumber }) => serialNumber),
        example().column("devices/bergen.csv"),
      );
      const other = await world.truth(oslo);
      assert.deepEqual([mdmInfo, other.mdmInfo, other.assignments], [...marks, []]);
      const { licencesGiven, licencesMissing } = stack.outputs("vpp-several-libraries-bergen");
      assert.deepEqual([licencesGiven, licencesMissing], [6, 0]);
    });
  },
  { libraries, stack: "tokens" },
);
