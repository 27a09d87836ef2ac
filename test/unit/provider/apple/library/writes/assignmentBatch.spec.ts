import assert from "node:assert/strict";
import { countPairs, type Pairs } from "../../../../../../provider/apple/library/rectangles";
import { writePairs } from "../../../../../../provider/apple/library/writes/assignmentBatch";
import { VppError } from "../../../../../../provider/errors";
import { FakeAccess, publishedLimits, unsureError } from "./fakeAccess";

const keynote = "361285480/STDQ";
const pages = "409201541/STDQ";
const book = "1000000001/STDQ";

/** Every one of these apps for every one of these targets. */
function all(apps: readonly string[], targets: readonly string[]): Pairs {
  return new Map(targets.map((target) => [target, [...apps]]));
}

function names(count: number, prefix = "S"): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

describe("writer", () => {
  describe("one round", () => {
    it("sends one request and looks at nothing, when all of it succeeds", async () => {
      const access = new FakeAccess({ [keynote]: 5, [pages]: 5 });
      const result = await writePairs(access, "give", "device", all([keynote, pages], ["A", "B"]));
      assert.equal(result.undone.size, 0);
      assert.equal(result.stopped, undefined);
      assert.deepEqual(access.requests, [{ action: "give", apps: [keynote, pages], targets: ["A", "B"] }]);
      assert.equal(access.observations, 0);
    });

    it("sends exactly the pairs asked for, when targets need different apps", async () => {
      const access = new FakeAccess({ [keynote]: 5, [pages]: 5 });
      const pairs = new Map([
        ["A", [keynote, pages]],
        ["B", [keynote]],
        ["C", [pages, keynote]],
      ]);
      await writePairs(access, "give", "device", pairs);
      assert.deepEqual(
        access.requests.map(({ apps, targets }) => [apps, targets]),
        [
          [
            [keynote, pages],
            ["A", "C"],
          ],
          [[keynote], ["B"]],
        ],
      );
    });

    for (const [kind, limit] of [
      ["device", "maxSerialNumbers"],
      ["user", "maxClientUserIds"],
    ] as const) {
      it(`fills requests up to the service's limits, for a ${kind}`, async () => {
        const apps = names(5, "10");
        const access = new FakeAccess(Object.fromEntries(apps.map((app) => [`${app}/STDQ`, 100])));
        access.limitsNow = { ...publishedLimits, maxSerialNumbers: 1, maxClientUserIds: 1, maxAssets: 2, [limit]: 4 };
        await writePairs(
          access,
          "give",
          kind,
          all(
            apps.map((app) => `${app}/STDQ`),
            names(10),
          ),
        );
        assert.equal(access.requests.length, 3 * 3);
        assert.ok(access.requests.every((request) => request.apps.length <= 2 && request.targets.length <= 4));
        assert.equal(access.held.size, 50);
      });
    }

    it("tells how far it is", async () => {
      const access = new FakeAccess({ [keynote]: 5 });
      access.limitsNow = { ...publishedLimits, maxSerialNumbers: 1 };
      await writePairs(access, "give", "device", all([keynote], ["A", "B"]));
      assert.deepEqual(access.progressed, ["1/2 1/2", "2/2 2/2"]);
    });

    it("takes back, when that is asked for", async () => {
      const access = new FakeAccess({ [keynote]: 0 }).hold(keynote, "A", "B");
      const result = await writePairs(access, "takeBack", "device", all([keynote], ["A"]));
      assert.equal(result.undone.size, 0);
      assert.deepEqual(access.holdersOf(keynote), ["B"]);
    });

    it("sends nothing, when there is nothing to do", async () => {
      const access = new FakeAccess({});
      const result = await writePairs(access, "give", "device", new Map());
      assert.equal(result.undone.size + access.requests.length + access.observations, 0);
    });
  });

  for (const reading of ["all-or-nothing", "fill-up"] as const) {
    describe(`too few licences, ${reading}`, () => {
      it("gives as many as are free to the first of the list, and names the rest with the service's reason", async () => {
        const access = new FakeAccess({ [keynote]: 3 }, reading);
        const result = await writePairs(access, "give", "device", all([keynote], names(5)));
        assert.deepEqual(access.holdersOf(keynote), names(3));
        assert.deepEqual([...result.undone.keys()], ["S3", "S4"]);
        assert.equal(result.reasonOf(keynote, "S4")?.errorNumber, 9709);
        assert.equal(result.stopped, undefined);
        assert.ok(access.requests.length <= 2);
      });

      it("gives another app in full, when only one is short", async () => {
        const access = new FakeAccess({ [keynote]: 1, [pages]: 9 }, reading);
        const result = await writePairs(access, "give", "user", all([keynote, pages], ["ada", "bob"]));
        assert.deepEqual(access.holdersOf(pages), ["ada", "bob"]);
        assert.deepEqual(access.holdersOf(keynote), ["ada"]);
        assert.deepEqual([...result.undone], [["bob", [keynote]]]);
      });

      it("sends nothing a second time, when none is free", async () => {
        const access = new FakeAccess({ [keynote]: 0 }, reading);
        const result = await writePairs(access, "give", "device", all([keynote], names(2)));
        assert.equal(access.requests.length, 1);
        assert.equal(countPairs(result.undone), 2);
      });

      it("does not send a third time, when the free ones are snatched away in between", async () => {
        const access = new FakeAccess({ [keynote]: 2 }, reading);
        access.script = (_, index) => {
          if (index === 1) access.setFree(keynote, 0);
          return undefined;
        };
        const result = await writePairs(access, "give", "device", all([keynote], names(4)));
        assert.equal(access.requests.length, reading === "fill-up" ? 1 : 2);
        assert.deepEqual(access.holdersOf(keynote).length + countPairs(result.undone), 4);
      });
    });
  }

  describe("order of the list", () => {
    it("serves earlier targets first, when targets need different apps and one app is short", async () => {
      const access = new FakeAccess({ [keynote]: 2, [pages]: 9 });
      const pairs = new Map([
        ["A", [keynote, pages]],
        ["B", [keynote]],
        ["C", [keynote, pages]],
      ]);
      access.script = ({ apps, targets }, index) => {
        if (index > 1) return undefined;
        const assets = apps.map((app) => ({ adamId: app.split("/")[0]!, pricingParam: "STDQ" }));
        return { kind: "failed", failures: [{ errorNumber: 9709, errorInfo: { assets, serialNumbers: targets } }] };
      };
      const result = await writePairs(access, "give", "device", pairs);
      assert.deepEqual(access.holdersOf(keynote).sort(), ["A", "B"]);
      assert.deepEqual([...result.undone], [["C", [keynote]]]);
    });
  });

  describe("another reason than licences", () => {
    it("is not tried again, and belongs to the pairs that the failure names", async () => {
      const access = new FakeAccess({ [keynote]: 9, [pages]: 9 });
      access.script = () => {
        access.hold(keynote, "ada", "bob").hold(pages, "ada");
        const failure = {
          errorNumber: 9609,
          errorInfo: { assets: [{ adamId: "409201541", pricingParam: "STDQ" }], clientUserIds: ["bob"] },
        };
        return { kind: "failed", failures: [failure] };
      };
      const result = await writePairs(access, "give", "user", all([keynote, pages], ["ada", "bob"]));
      assert.equal(access.requests.length, 1);
      assert.deepEqual([...result.undone], [["bob", [pages]]]);
      assert.equal(result.reasonOf(pages, "bob")?.errorNumber, 9609);
      assert.equal(result.reasonOf(pages, "ada"), undefined);
      assert.equal(result.reasonOf(keynote, "bob"), undefined);
    });

    it("goes on with the other requests, when the service refuses one at once for unknown users", async () => {
      const access = new FakeAccess({ [keynote]: 9 });
      access.limitsNow = { ...publishedLimits, maxClientUserIds: 1 };
      access.script = ({ targets }) => {
        if (targets[0] === "ghost") throw new VppError("VPP_SERVICE_ERROR", "no such user", { serviceCode: 9609 });
        return undefined;
      };
      const result = await writePairs(access, "give", "user", all([keynote], ["ghost", "ada", "bob"]));
      assert.deepEqual(access.holdersOf(keynote).sort(), ["ada", "bob"]);
      assert.deepEqual([...result.undone.keys()], ["ghost"]);
      assert.equal(result.reasonOf(keynote, "ghost")?.errorNumber, 9609);
      assert.equal(result.stopped, undefined);
    });

    for (const refusal of [9706, 9707, 9602]) {
      it(`keeps out the one product for which the service refuses a whole request (${refusal}), and writes the rest`, async () => {
        const ids = names(5, "10").map((id) => `${id}/STDQ`);
        const access = new FakeAccess(Object.fromEntries(ids.map((id) => [id, 9])));
        access.script = ({ apps }) => {
          if (apps.includes(ids[3]!)) throw new VppError("VPP_SERVICE_ERROR", "refused", { serviceCode: refusal });
          return undefined;
        };
        const result = await writePairs(access, "give", "device", all(ids, ["A", "B"]));
        assert.equal(access.held.size, 8);
        assert.deepEqual(
          [...result.undone],
          [
            ["A", [ids[3]]],
            ["B", [ids[3]]],
          ],
        );
        assert.equal(result.reasonOf(ids[3]!, "B")?.errorNumber, refusal);
        assert.equal(result.stopped, undefined);
      });
    }

    it("keeps out one of a thousand people for whom a whole request is refused, in few requests", async () => {
      const access = new FakeAccess({ [keynote]: 2000 });
      access.script = ({ targets }) => {
        if (targets.includes("P777")) throw new VppError("VPP_SERVICE_ERROR", "refused", { serviceCode: 9609 });
        return undefined;
      };
      const result = await writePairs(access, "give", "user", all([keynote], names(1000, "P")));
      assert.deepEqual([...result.undone.keys()], ["P777"]);
      assert.equal(access.held.size, 999);
      assert.ok(access.requests.length <= 30, `${access.requests.length} requests`);
    });

    it("does not split without end, when every part is refused", async () => {
      const access = new FakeAccess({ [keynote]: 2000 });
      access.script = () => {
        throw new VppError("VPP_SERVICE_ERROR", "refused", { serviceCode: 9602 });
      };
      const result = await writePairs(access, "give", "device", all([keynote], names(1000)));
      assert.equal(countPairs(result.undone), 1000);
      assert.equal(result.reasonOf(keynote, "S999")?.errorNumber, 9602);
      assert.ok(access.requests.length <= 100, `${access.requests.length} requests`);
    });

    for (const [refusal, limit] of [
      [9700, { maxAssets: 1 }],
      [9702, { maxSerialNumbers: 2 }],
    ] as const) {
      it(`cuts a request anew by the limits of now, when the service says that it is too large (${refusal})`, async () => {
        const access = new FakeAccess({ [keynote]: 9, [pages]: 9 });
        access.limitsLater = { ...publishedLimits, ...limit };
        const { maxAssets, maxSerialNumbers } = access.limitsLater;
        access.script = ({ apps, targets }) => {
          if (apps.length <= maxAssets && targets.length <= maxSerialNumbers) return undefined;
          throw new VppError("VPP_SERVICE_ERROR", "too many", { serviceCode: refusal });
        };
        const result = await writePairs(access, "give", "device", all([keynote, pages], names(5)));
        assert.equal(result.undone.size, 0);
        assert.equal(access.held.size, 10);
        assert.equal(access.limitsAsked, 1);
      });
    }

    for (const passing of [9603, 9644]) {
      it(`is tried once more, when it is one that passes (${passing})`, async () => {
        const access = new FakeAccess({ [keynote]: 9 });
        access.script = (_, index) =>
          index === 0 ? { kind: "failed", failures: [{ errorNumber: passing }] } : undefined;
        const result = await writePairs(access, "give", "device", all([keynote], names(3)));
        assert.equal(result.undone.size, 0);
        assert.equal(access.requests.length, 2);
      });
    }

    it("counts as no reason for pairs of another request, when the service names nothing in its failure", async () => {
      const access = new FakeAccess({ [keynote]: 9, [pages]: 0 });
      const pairs = new Map([
        ["A", [keynote]],
        ["B", [pages]],
      ]);
      access.script = ({ apps }) => ({ kind: "failed", failures: [{ errorNumber: apps[0] === pages ? 9709 : 9706 }] });
      const result = await writePairs(access, "give", "device", pairs);
      assert.equal(result.reasonOf(keynote, "A")?.errorNumber, 9706);
      assert.equal(result.reasonOf(pages, "B")?.errorNumber, 9709);
    });
  });

  describe("an unsure outcome", () => {
    it("is settled by looking, and nothing is sent again, when the service had done it", async () => {
      const access = new FakeAccess({ [keynote]: 9 });
      access.script = () => "done, but unsure";
      const result = await writePairs(access, "give", "device", all([keynote], names(3)));
      assert.equal(result.undone.size, 0);
      assert.equal(result.stopped, undefined);
      assert.equal(access.requests.length, 1);
      assert.deepEqual(access.pauses.length, 1);
    });

    it("is sent again for the missing pairs alone, when the service had done a part", async () => {
      const access = new FakeAccess({ [keynote]: 9 });
      access.script = (_, index) => {
        if (index > 0) return undefined;
        access.hold(keynote, "S0");
        return { kind: "unsure", why: unsureError };
      };
      const result = await writePairs(access, "give", "device", all([keynote], names(3)));
      assert.equal(result.undone.size, 0);
      assert.deepEqual(access.requests[1]?.targets, ["S1", "S2"]);
    });

    it("ends with its reason after a few rounds, when it stays unsure", async () => {
      const access = new FakeAccess({ [keynote]: 9 });
      access.script = () => ({ kind: "unsure", why: unsureError });
      const result = await writePairs(access, "give", "device", all([keynote], names(2)));
      assert.equal(result.stopped, unsureError);
      assert.equal(countPairs(result.undone), 2);
      assert.ok(access.requests.length <= 4);
      assert.deepEqual(
        access.pauses,
        [...access.pauses].sort((a, b) => a - b),
      );
    });
  });

  describe("a stop in mid-work", () => {
    it("sends no further request and tells what is done by looking, when the library is no longer ours", async () => {
      const access = new FakeAccess({ [keynote]: 100 });
      access.limitsNow = { ...publishedLimits, maxSerialNumbers: 1 };
      const held = new VppError("VPP_AUTH_HELD_BY_ANOTHER", "the library is held by another service");
      access.script = (_, index) => {
        if (index >= 6) throw held;
        return undefined;
      };
      const result = await writePairs(access, "give", "device", all([keynote], names(40)));
      assert.equal(result.stopped, held);
      assert.equal(access.held.size, 6);
      assert.equal(countPairs(result.undone), 34);
      assert.ok(access.requests.length <= 6 + 4, `${access.requests.length} requests went out`);
    });

    it("counts everything unsettled as undone, when looking fails too", async () => {
      const access = new FakeAccess({ [book]: 9 });
      const gone = new VppError("VPP_NETWORK_UNREACHABLE", "the service can't be reached");
      access.script = () => ({ kind: "failed", failures: [] });
      access.onObserve = () => {
        throw gone;
      };
      const result = await writePairs(access, "give", "user", all([book], ["ada", "bob"]));
      assert.equal(result.stopped, gone);
      assert.equal(countPairs(result.undone), 2);
    });

    it("lets a fault of the provider itself through, since it must not pass for the service's answer", async () => {
      const access = new FakeAccess({ [keynote]: 9 });
      access.script = () => {
        throw new TypeError("a fault");
      };
      await assert.rejects(writePairs(access, "give", "device", all([keynote], ["A"])), TypeError);
    });
  });
});
