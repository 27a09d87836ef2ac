import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Gateway } from "../support/gateway";
import { type Applied, HostStack } from "../support/hostStack";
import { rival, serials, World } from "../support/world";

const apps = [
  { adamId: "361285480", pricingParam: "STDQ" },
  { adamId: "409183694", pricingParam: "STDQ" },
];
const refusal = /held by another service, “Rival Device Management” \(id rival-mdm-1\)/;
const waysOut = [/managedBy: "rival-mdm-1"/, /takeOverFrom: "rival-mdm-1"/];

/** What one run wrote: 40 requests, however they are spread over resources. */
const runs = {
  "one assignment that takes 40 requests": { one: [apps, serials(20)] },
  "ten assignments of 4 requests each, at once": Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`part${index}`, [apps, serials(2, 2 * index)]]),
  ),
} as const satisfies Record<string, Record<string, readonly [typeof apps, string[]]>>;

describe("a rival in the middle of 40 writes", () => {
  let world: World;
  let gateway: Gateway;
  let stack: HostStack;

  beforeEach(async () => {
    // Writes that are worked on for a while are many at a time, so that licences are looked at.
    world = await World.start(undefined, {
      eventDelayMs: 200,
      limits: { maxRequestPerSecond: 100_000, maxAssets: 1, maxSerialNumbers: 1 },
    });
    gateway = await Gateway.start(world.simulator.url, 15);
    stack = new HostStack({ env: { ...world.env, VPP_ENDPOINT: gateway.url } });
  });

  afterEach(async () => {
    await stack.end();
    await gateway.close();
    await world.close();
  });

  /** Everything that went wrong, in the words that users see. */
  async function outcome(applied: Promise<Applied>): Promise<string> {
    try {
      return (await applied).initErrors?.join("\n") ?? "";
    } catch (error) {
      return String(error);
    }
  }

  /** Writes that the service accepted after its first answer that showed the rival. */
  function acceptedAfterShown(): number {
    const shown = gateway.passed.findIndex(({ answer }) => answer.mdmInfo?.id === rival.id);
    assert.ok(shown >= 0, "no answer showed the rival");
    const later = gateway.passed.slice(shown + 1);
    return later.filter(({ method, answer }) => method === "POST" && answer.eventId !== undefined).length;
  }

  const seizures = {
    "while a write is on its way": { on: "request", match: { path: "assets/associate", method: "POST" }, after: 9 },
    "while a write is processed": { on: "associate", after: 9 },
    "while licences are looked at to see what is done": { on: "request", match: { path: "assignments" }, after: 0 },
  } as const;

  for (const [what, resources] of Object.entries(runs)) {
    for (const [moment, hook] of Object.entries(seizures)) {
      it(`lets at most one further write through, when he comes ${moment} of ${what}`, async () => {
        const declared = Object.entries(resources).map(
          ([name, [all, serialNumbers]]) => [name, ["VppAssignment", { apps: all, serialNumbers }] as const] as const,
        );
        stack.declare({ hq: ["VppToken", {}], ...Object.fromEntries(declared) });
        await stack.begin();
        await stack.apply("hq");
        gateway.forget();
        await world.act("hooks", { ...hook, do: [{ path: "holder", body: { mdmInfo: rival } }] });
        const texts = await Promise.all(declared.map(([name]) => outcome(stack.apply(name))));
        const writes = gateway.passed.filter(({ method }) => method === "POST").length;
        assert.ok(acceptedAfterShown() <= 1, `${acceptedAfterShown()} writes`);
        assert.ok(writes > 1 && writes < 40, `${writes} writes in all: he did not come in the middle`);
        const failed = texts.filter((text) => text !== "");
        assert.ok(failed.length > 0);
        for (const text of failed) for (const part of [refusal, ...waysOut]) assert.match(text, part);
        for (const [name] of declared) {
          if (!stack.has(name)) continue;
          const { assignedCount, missingCount } = stack.outputs(name);
          assert.equal(Number(assignedCount) + Number(missingCount), 40 / declared.length);
        }
        const held = (await world.truth()).assignments.length;
        const claimed = declared.reduce(
          (sum, [name]) => sum + (stack.has(name) ? Number(stack.outputs(name).assignedCount) : 0),
          0,
        );
        assert.equal(claimed, held, "the state claims exactly what is there");
      });
    }
  }

  describe("who gives the library back with the next request", () => {
    /** Lets him have the library for the request after the first few, and tells what went wrong. */
    async function seizedOnce(after: number): Promise<string> {
      stack.declare({ hq: ["VppToken", {}], one: ["VppAssignment", { apps, serialNumbers: serials(20) }] });
      await stack.begin();
      await stack.apply("hq");
      const { mdmInfo } = await world.truth();
      gateway.forget();
      await world.act("hooks", { on: "request", after, do: [{ path: "holder", body: { mdmInfo: rival } }] });
      await world.act("hooks", { on: "request", after: after + 1, do: [{ path: "holder", body: { mdmInfo } }] });
      return outcome(stack.apply("one"));
    }

    for (const after of [4, 9, 14, 19]) {
      it(`is seen all the same, after ${after} of them`, async () => {
        assert.match(await seizedOnce(after), refusal);
        assert.ok(acceptedAfterShown() <= 1, `${acceptedAfterShown()} writes`);
      });

      it(`is seen though later answers overtake the one that shows him, after ${after} requests`, async () => {
        let passedBefore = Number.NaN;
        gateway.at = async (moment) => {
          const isShown = gateway.passed.at(-1)?.answer.mdmInfo?.id === rival.id;
          if (moment !== "answered" || !isShown || !Number.isNaN(passedBefore)) return undefined;
          passedBefore = 0;
          await delay(100);
          passedBefore = gateway.passed.length;
          return undefined;
        };
        assert.match(await seizedOnce(after), refusal);
        const later = gateway.passed.slice(passedBefore).filter(({ method }) => method === "POST");
        assert.ok(later.length <= 1, `${later.length} writes`);
      });
    }
  });
});
