import assert from "node:assert/strict";
import { PolicyPackProcess, type Report, type Shown } from "../support/policyPack";
import { pagesWithCode, readPage } from "./pages";
import { compile, type Program } from "./programs";

const packs: Program[] = pagesWithCode().flatMap((page) =>
  readPage(page)
    .blocks.filter(({ language, file }) => language === "ts" && file === "policy/index.ts")
    .map((block) => ({ title: `${page}, line ${block.line}`, text: block.text, blocks: [block], files: [] })),
);

const token = { libraryId: "2049025000431439", contentTokenKey: "default", bindingId: "6eba8048" };
const kiosk: Shown = {
  type: "pulumi-nodejs:dynamic/vpp:VppAssignment",
  name: "kiosk",
  props: {
    token,
    apps: [{ adamId: "361285480", pricingParam: "STDQ" }],
    serialNumbers: ["F9FTEST00001"],
    intent: "required",
    exclusive: true,
    reclaim: true,
    missingCount: 2,
  },
};
const app: Shown = {
  type: "pulumi-nodejs:dynamic/vpp:VppApp",
  name: "keynote",
  props: { token, adamId: "361285480", exclusive: true, missingCount: 3 },
};

describe("the documentation's policy packs", function () {
  this.timeout(60_000);
  let pack: PolicyPackProcess;

  before(async () => {
    assert.equal(packs.length, 1);
    const compiled = compile(packs);
    assert.deepEqual(compiled.faults(packs[0]!), []);
    pack = await PolicyPackProcess.start(compiled.script(packs[0]!));
  });

  after(() => pack?.close());

  it("ask typed rules about the resources of their class, with the properties that the rules name", async () => {
    const limit: Report = { rule: "exclusive-has-a-limit", message: "kiosk (361285480) has no maxRevocations." };
    assert.deepEqual(await pack.analyze(kiosk), [limit]);
    assert.deepEqual(await pack.analyze({ ...kiosk, props: { ...kiosk.props, maxRevocations: 5 } }), []);
    assert.deepEqual(await pack.analyze(app), []);
    const missing: Report = { rule: "nothing-missing", message: "2 licences are missing." };
    assert.deepEqual(await pack.analyzeStack([app, kiosk]), [missing]);
  });
});
