import assert from "node:assert/strict";
import * as fc from "fast-check";
import { undiciTransport } from "../../provider/http/transport";
import type { AssignmentLine } from "../../provider/plan/planLines";
import { assignmentLine, tokenLine } from "../support/hostPlan";
import type { Data } from "../support/hostProcess";
import { InProcessStack } from "../support/inProcess";
import { runs } from "../support/runs";
import { World } from "../support/world";

const apps = { keynote: "361285480", dockscan: "409183694" } as const;
type App = keyof typeof apps;
const devices = ["F9FW000001", "F9FW000002", "F9FW000003"];

/** What an assignment says: in its arguments, in the engine's inputs, or in the inputs of the run before. */
interface Said {
  readonly apps: readonly App[];
  readonly devices: readonly string[];
  readonly intent: "required" | "uninstall";
  readonly exclusive: boolean;
}

/** One assignment of a program; without `engine` the engine hands on what the program says, without `before` it is new. */
interface Part {
  readonly line: Said;
  readonly engine?: Said;
  readonly before?: Said;
}

const said: fc.Arbitrary<Said> = fc.record({
  apps: fc.subarray<App>(["keynote", "dockscan"], { minLength: 1 }),
  devices: fc.subarray(devices),
  intent: fc.constantFrom("required", "required", "required", "uninstall"),
  exclusive: fc.constantFrom(false, false, false, false, true),
});
const part: fc.Arbitrary<Part> = fc.record(
  { line: said, engine: said, before: said },
  { requiredKeys: ["line"], noNullPrototype: true },
);
const programs = fc.array(part, { minLength: 2, maxLength: 3 });
const orders = fc.array(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), { minLength: 4, maxLength: 4 });

const inputs = (one: Said): Data => ({
  apps: one.apps.map((app) => ({ adamId: apps[app], pricingParam: "STDQ" })),
  serialNumbers: one.devices,
  intent: one.intent,
  exclusive: one.exclusive,
});
const pairs = (one: Said): string[] => one.apps.flatMap((app) => one.devices.map((device) => `${app} ${device}`));
const required = (one: Said): string[] => (one.intent === "required" ? pairs(one) : []);
const meets = (a: readonly string[], b: readonly string[]): boolean => a.some((each) => b.includes(each));

/** Whether the program must be refused, by what the engine hands to the checks, whatever their order. */
function isRefused(parts: readonly Part[]): boolean {
  return parts.some((one, index) =>
    parts.some((other, at) => {
      if (at === index) return false;
      const [a, b] = [one.engine ?? one.line, other.engine ?? other.line];
      const isShared = a.apps.some((app) => b.apps.includes(app));
      const excludes = a.exclusive && isShared && b.intent === "required" && b.devices.length > 0;
      const givenUp = one.before ? required(one.before).filter((pair) => !required(a).includes(pair)) : [];
      const gained = required(b).filter((pair) => !required(other.line).includes(pair));
      return meets(pairs(a), pairs(b)) || excludes || meets(givenUp, gained);
    }),
  );
}

describe("inputs that the engine changes after the constructor, in generated programs", function () {
  this.timeout(300_000);
  let world: World;

  before(async () => {
    world = await World.start();
  });
  after(() => world.close());

  /** Whether the checks of a run refuse the program, in this order; each run has a provider of its own. */
  async function verdict(parts: readonly Part[], order: readonly number[]): Promise<boolean> {
    const stack = new InProcessStack({ env: world.env, transport: undiciTransport({ timeoutMs: 5000 }) });
    const lines = parts.map(({ line, engine }, index): AssignmentLine => {
      const { devices: serialNumbers, intent, exclusive } = line;
      const named = line.apps.map((app) => [apps[app], "STDQ"] as const);
      return assignmentLine(`part${index}`, {
        apps: named,
        serialNumbers,
        intent,
        exclusive,
        ...(engine && { mayChange: true }),
      });
    });
    stack.begin(tokenLine("hq"), ...lines);
    try {
      const { inputs: token } = await stack.check("hq", "VppToken", { contentTokenKey: "default" });
      stack.state.set("hq", { id: "hq", kind: "VppToken", inputs: token, outputs: token });
      const ref = { token: stack.ref("hq") };
      for (const index of order) {
        const { line, engine, before } = parts[index]!;
        const defaults = { ...ref, reclaim: true };
        const olds = before && { ...defaults, ...inputs(before) };
        if (olds) stack.state.set(`part${index}`, { id: "1", kind: "VppAssignment", inputs: olds, outputs: olds });
        const { failures } = await stack.check(`part${index}`, "VppAssignment", { ...ref, ...inputs(engine ?? line) });
        for (const { reason } of failures) assert.match(reason, /VPP_INPUT_CONFLICT/);
        if (failures.length > 0) return true;
      }
      return false;
    } finally {
      stack.end();
    }
  }

  it("come to one verdict in every order of checks, and it is that of the inputs alone", async () => {
    await fc.assert(
      fc.asyncProperty(programs, orders, async (parts, shuffled) => {
        const wanted = isRefused(parts);
        for (const all of shuffled) {
          const order = all.filter((index) => index < parts.length);
          assert.equal(await verdict(parts, order), wanted, `in the order ${order.join(" ")}`);
        }
      }),
      runs(150),
    );
  });

  it("come to one verdict in 100 shuffled orders", async () => {
    const [a, b, c] = devices as [string, string, string];
    const one = (list: readonly string[]): Said => ({
      apps: ["keynote"],
      devices: list,
      intent: "required",
      exclusive: false,
    });
    const cases: [readonly Part[], boolean][] = [
      [[{ line: one([a]), engine: one([a, b]), before: one([a, b]) }, { line: one([b]) }, { line: one([c]) }], true],
      [[{ line: one([a, b]), engine: one([a]), before: one([a]) }, { line: one([b]) }, { line: one([c]) }], false],
      [[{ line: one([a]), engine: one([a, b]) }, { line: one([]), before: one([b]) }, { line: one([c]) }], true],
      [[{ line: one([a, b]), engine: one([a]) }, { line: one([]), before: one([b]) }, { line: one([c]) }], false],
    ];
    for (const [parts, wanted] of cases) {
      for (let run = 0; run < 100; run++) {
        const order = [0, 1, 2].map((index) => [Math.random(), index] as const).sort(([x], [y]) => x - y);
        const indexes = order.map(([, index]) => index);
        assert.equal(await verdict(parts, indexes), wanted, `in the order ${indexes.join(" ")}`);
      }
    }
  });
});
