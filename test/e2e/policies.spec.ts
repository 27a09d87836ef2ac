import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engines } from "../support/engines";
import { TestStack } from "../support/stack";
import { bindHq } from "../support/trial";
import { smallLibrary, World } from "../support/world";

/** Every way in which a rule can name one of our classes; what it is given goes into its report. */
const pack = `
const policy = require("@pulumi/policy");
const vpp = require("pulumi-vpp");
const classes = [vpp.VppToken, vpp.VppApp, vpp.VppUserSet, vpp.VppAssignment];
const keysOf = (props) => Object.keys(props).filter((key) => props[key] !== undefined && key !== "__provider").sort().join(",");
const enforcementLevel = "advisory";
new policy.PolicyPack("classes", {
  policies: classes.flatMap((type) => [
    {
      name: "resource-" + type.name.toLowerCase(),
      description: "x",
      enforcementLevel,
      validateResource: policy.validateResourceOfType(type, (props, { name }, report) => report("input " + name + " " + keysOf(props))),
    },
    {
      name: "stack-" + type.name.toLowerCase(),
      description: "x",
      enforcementLevel,
      validateStack: policy.validateStackResourcesOfType(type, (all, _, report) => report("stack " + type.name + " " + all.length)),
    },
  ]).concat([
    {
      name: "is-and-as",
      description: "x",
      enforcementLevel,
      validateResource: ({ isType, asType, name }, report) => {
        const is = classes.filter((type) => isType(type)).map((type) => type.name);
        if (is.length > 0) report("is " + name + " " + is + " " + (asType(vpp.VppAssignment)?.serialNumbers ?? "no list"));
      },
    },
    {
      name: "lower-limit",
      description: "x",
      enforcementLevel: "remediate",
      remediateResource: policy.remediateResourceOfType(vpp.VppAssignment, (props) => ({ ...props, maxRevocations: 3 })),
    },
  ]),
});
`;

describe("a policy pack with typed rules", () => {
  const cli = engines().find(({ name }) => name === "Pulumi CLI");
  let world: World | undefined;
  let stack: TestStack;

  after(async () => {
    if (world === undefined) return;
    stack.dispose();
    await world.close();
  });

  it("is asked about the resources of each class in previews and updates (policies are CLI only)", async function () {
    if (cli === undefined) return this.skip();
    world = await World.start([smallLibrary()]);
    stack = await TestStack.create(cli, world.env);
    mkdirSync(join(stack.folder, "policy"));
    writeFileSync(join(stack.folder, "policy/index.js"), pack);
    writeFileSync(join(stack.folder, "policy/package.json"), '{"name":"pack","version":"1.0.0"}');
    writeFileSync(join(stack.folder, "policy/PulumiPolicy.yaml"), "runtime: nodejs\n");
    stack.program(`${bindHq}
      const keynote = new vpp.VppApp("keynote", { token, adamId: "361285480" });
      const sales = new vpp.VppUserSet("sales", { token, users: [{ clientUserId: "ada" }] });
      new vpp.VppAssignment("kiosk", { token, apps: [keynote], serialNumbers: ["f9fw00000001"], clientUserIds: sales.clientUserIds });
    `);
    await stack.up();
    const options = ["--policy-pack", "policy"];
    for (const { text } of [await stack.preview(...options), await stack.up(...options)]) {
      for (const line of [
        /input \w+ .*bindingId,contentTokenKey,.*libraryId,.*tokenFingerprint/,
        /input keynote adamId,pricingParam,token/,
        /input sales reclaim,token,users/,
        /input kiosk apps,clientUserIds,exclusive,intent,maxRevocations,reclaim,serialNumbers,token/,
        /is kiosk VppAssignment F9FW00000001/,
        /is keynote VppApp no list/,
        ...["VppToken", "VppApp", "VppUserSet", "VppAssignment"].map((type) => new RegExp(`stack ${type} 1`)),
      ])
        assert.match(text, line);
    }
    const state = stack.resources();
    const kiosk = state.find(({ urn }) => urn.endsWith("::kiosk"))!;
    assert.equal(kiosk.type, "pulumi-nodejs:dynamic/vpp:VppAssignment");
    assert.equal(kiosk.inputs?.maxRevocations, 3);
    await stack.preview("--expect-no-changes", ...options);
  }).timeout(120_000);
});
