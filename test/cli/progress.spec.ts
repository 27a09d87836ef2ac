import assert from "node:assert/strict";
import { pulumiVpp } from "../support/command";
import { World } from "../support/world";

describe("pulumi-vpp, while it takes long", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world.close());

  const slowly = (): Promise<void> =>
    world.act("faults", { match: { path: "assets" }, times: 1, action: { type: "delay", ms: 3600 } });

  for (const words of [["status", "--json"], ["status", "--csv"], ["report", "--html"], ["adopt"]]) {
    it(`says on standard error alone how far it is: ${words.join(" ")}`, async () => {
      await slowly();
      const target = words.length === 1 || words[0] === "report" ? [world.path(`new-${words[0]}.html`)] : [];
      const { code, stdout, stderr } = await pulumiVpp([...words, ...target], world.env);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^pulumi-vpp: .*\. 3 s$/m);
      assert.doesNotMatch(stdout, /waiting for|pages of/);
      if (words[1] === "--json") JSON.parse(stdout);
    });
  }

  it("says nothing of it with --quiet", async () => {
    await slowly();
    const { stderr } = await pulumiVpp(["status", "--quiet"], world.env);
    assert.doesNotMatch(stderr, / s$/m);
  });

  it("says that no answer comes, when it is offline", async () => {
    const env = { ...world.env, VPP_ENDPOINT: "http://127.0.0.1:9/mdm/v2" };
    const said = /^pulumi-vpp: no answer from 127\.0\.0\.1:9 yet \(.*\), trying again\. \d+ s$/m;
    // It goes on asking for minutes; who is told so may stop it.
    const { stderr } = await pulumiVpp(["status"], env, undefined, said);
    assert.match(stderr, said);
  });
});
