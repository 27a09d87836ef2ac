import assert from "node:assert/strict";
import { engines } from "../support/engines";
import { bindHq, describeTrials, js, type Trial } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";
const [first, second] = serials(2) as [string, string];

const fleet = (name: string, devices: readonly string[], options = "{}"): string =>
  `new vpp.VppAssignment("${name}", { token, apps: ["${keynote}"], serialNumbers: ${js(devices)} }, ${options});`;
const program = (...lines: string[]): string => [bindHq, ...lines].join("\n");

/** The order of checks is chance: on the local engine, which shuffles on purpose, each preview is run more than once. */
const timesOn = ({ engine }: Trial): number => (engine.name === "local engine" ? 3 : 1);

describeTrials("inputs that the engine changes after the constructor", (trial) => {
  const devices = '{ ignoreChanges: ["serialNumbers"] }';

  for (const options of [devices, '{ ignoreChanges: ["*"] }', '{ ignoreChanges: ["serialNumbers", "token"] }']) {
    if (options !== devices && trial.engine.name === "local engine") continue;
    it(`are what counts: a device that ${options} keeps can't be declared by another assignment`, async () => {
      trial.stack.program(program(fleet("kiosk", [first, second], options)));
      await trial.stack.up("--skip-preview");
      trial.stack.program(program(fleet("kiosk", [first], options), fleet("other", [second])));
      for (let time = 0; time < timesOn(trial); time++) {
        const { text } = await trial.stack.failingPreview();
        assert.match(text, new RegExp(`for 1 device \\(${second}\\) is declared twice: here and in VppAssignment`));
        assert.match(text, /kiosk/);
        assert.match(text, /other/);
      }
      assert.deepEqual(await trial.world.holders(keynote), [first, second]);
    });
  }

  it("are what counts: an argument that the engine ignores is no conflict, in whatever order", async () => {
    trial.stack.program(program(fleet("kiosk", [first], devices)));
    await trial.stack.up("--skip-preview");
    trial.stack.program(program(fleet("kiosk", [first, second], devices), fleet("other", [second])));
    for (let time = 0; time < timesOn(trial); time++) await trial.stack.preview();
    await trial.stack.up("--skip-preview");
    assert.deepEqual(await trial.world.holders(keynote), [first, second]);
    await trial.stack.preview("--expect-no-changes");
  });

  it("are protected when the other resource that declared the same goes", async () => {
    trial.stack.program(program(fleet("kiosk", [first, second]), fleet("other", [])));
    await trial.stack.up("--skip-preview");
    trial.stack.program(program(fleet("kiosk", [first], devices)));
    await trial.stack.up("--skip-preview");
    assert.deepEqual(await trial.world.holders(keynote), [first, second]);
  });
});

describeTrials("resources that a program makes late", (trial) => {
  const late = (devices: readonly string[]): string =>
    `setTimeout(() => { ${fleet("late", devices)} }, 1500);\nnew pulumi.ComponentResource("test:index:Wait", "wait", {}, {});`;

  it("are seen by every delete: what goes under --target keeps what a late constructor declares", async () => {
    trial.stack.program(program(fleet("a", [first]), fleet("b", [second])));
    await trial.stack.up("--skip-preview");
    const [a, b] = ["a", "b"].map((name) => trial.stack.resource(name).urn) as [string, string];
    trial.stack.program(program(fleet("a", [first]), late([second])));
    await trial.world.forget();
    await trial.stack.up("--skip-preview", "--target", a, "--target", b);
    assert.deepEqual(await trial.world.requests("/disassociate"), []);
    assert.deepEqual(await trial.world.holders(keynote), [first, second]);
    assert.deepEqual(trial.stack.leftovers(), []);
  });
});

const onCli = engines().some(({ name }) => name === "Pulumi CLI");

describeTrials("inputs that a transform changes", (trial) => {
  const adding = (device: string, name: string): string => `
    pulumi.runtime.registerResourceTransform((args) => args.name === "${name}"
      ? { props: { ...args.props, serialNumbers: [...args.props.serialNumbers, "${device}"] }, opts: args.opts } : undefined);`;

  it("are what counts: two assignments that come to the same device are refused, whichever is checked first", async function () {
    if (trial.engine.name === "local engine") return this.skip();
    trial.stack.program(program(adding(second, "kiosk"), fleet("kiosk", [first]), fleet("other", [second])));
    for (let time = 0; time < timesOn(trial); time++)
      assert.match((await trial.stack.failingPreview()).text, /is declared twice: here and in VppAssignment/);
    assert.deepEqual(await trial.world.holders(keynote), []);
  });

  it("are what counts: a device that one gives up and that a transform gives to another is refused, whichever is checked first", async function () {
    if (trial.engine.name === "local engine") return this.skip();
    trial.stack.program(program(fleet("kiosk", [first]), fleet("other", [second])));
    await trial.stack.up("--skip-preview");
    trial.stack.program(program(adding(second, "kiosk"), fleet("kiosk", [first]), fleet("other", [])));
    for (let time = 0; time < timesOn(trial); time++)
      assert.match((await trial.stack.failingPreview()).text, /from the engine \(ignoreChanges or a transform\)/);
    assert.deepEqual(await trial.world.holders(keynote), [first, second]);
  });
});

if (!onCli) {
  describe("transforms and ignoreChanges of everything", () => {
    it.skip("are tested on the Pulumi CLI alone, and there is none on PATH");
  });
}
