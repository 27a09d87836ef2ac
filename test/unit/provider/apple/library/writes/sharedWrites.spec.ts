import assert from "node:assert/strict";
import type { Rectangle } from "../../../../../../provider/apple/library/rectangles";
import type { Settled } from "../../../../../../provider/apple/library/writes/events";
import { SharedWrites, type WriteJob } from "../../../../../../provider/apple/library/writes/sharedWrites";
import { VppError } from "../../../../../../provider/errors";
import { publishedLimits } from "./fakeAccess";

const ref = { libraryId: "2049025000431439", contentTokenKey: "default", bindingId: "ours" };

/** Accepts one request at a time, when told to. */
class Service {
  readonly sent: WriteJob[] = [];
  private readonly acceptances: (() => void)[] = [];
  end: (job: WriteJob) => Promise<Settled> = async () => ({ kind: "complete" });
  limits = publishedLimits;

  readonly writes = new SharedWrites({
    limits: async () => this.limits,
    send: (job, whenAccepted) => {
      this.sent.push(job);
      this.acceptances.push(whenAccepted);
      return this.end(job);
    },
  });

  give(apps: readonly string[], targets: readonly string[], changes: Partial<WriteJob> = {}) {
    const rectangle = { apps, targets };
    return this.writes.send({
      ref,
      action: "give",
      kind: "device",
      rectangle,
      isAlone: false,
      onPending: () => {},
      ...changes,
    });
  }

  /** What each request held, as `apps × targets`. */
  get shapes(): string[] {
    return this.sent.map(({ rectangle: { apps, targets } }: { rectangle: Rectangle }) => `${apps} × ${targets}`);
  }
}

describe("shared writes", () => {
  let service: Service;

  beforeEach(() => {
    service = new Service();
  });

  it("go out together when they wait at the same time: equal apps with all targets, or equal targets with all apps", async () => {
    const ends = await Promise.all([
      service.give(["k"], ["A"]),
      service.give(["k", "p"], ["B"]),
      service.give(["p", "k"], ["C", "D"]),
      service.give(["n"], ["E"]),
      service.give(["m"], ["E"]),
    ]);
    assert.deepEqual(service.shapes, ["k × A", "k,p × B,C,D", "n,m × E"]);
    assert.deepEqual(
      ends.map(({ isShared }) => isShared),
      [false, true, true, true, true],
    );
  });

  it("never hold a pair that nobody asked for", async () => {
    await Promise.all([service.give(["x"], ["Z"]), service.give(["k", "p"], ["A"]), service.give(["k"], ["B"])]);
    assert.deepEqual(service.shapes, ["x × Z", "k,p × A", "k × B"]);
  });

  for (const [what, changes] of Object.entries<Partial<WriteJob>>({
    "gives and takes back": { action: "takeBack" },
    "devices and people": { kind: "user" },
    "two bindings": { ref: { ...ref, bindingId: "another" } },
    "what is to go alone": { isAlone: true },
  })) {
    it(`never hold ${what} together`, async () => {
      await Promise.all([service.give(["x"], ["Z"]), service.give(["k"], ["A"]), service.give(["k"], ["B"], changes)]);
      assert.deepEqual(service.shapes, ["x × Z", "k × A", "k × B"]);
    });
  }

  it("are as large as the limits allow, and no larger", async () => {
    service.limits = { ...publishedLimits, maxSerialNumbers: 3, maxAssets: 2 };
    const wave = ["A", "B", "C", "D", "E"].map((target) => service.give(["k"], [target]));
    await Promise.all([...wave, ...["n", "m", "o"].map((app) => service.give([app], ["Z"]))]);
    assert.deepEqual(service.shapes, ["k × A", "k × B,C,D", "k × E", "n,m × Z", "o × Z"]);
  });

  it("are tried alone, each for itself, when the service refuses what they ask for together", async () => {
    const refusal = new VppError("VPP_SERVICE_ERROR", "unknown user", { serviceCode: 9609 });
    service.end = async ({ rectangle }) => {
      if (rectangle.targets.includes("B")) throw refusal;
      return { kind: "complete" };
    };
    const ends = await Promise.allSettled(["Z", "A", "B", "C"].map((target) => service.give(["k"], [target])));
    assert.deepEqual(service.shapes, ["k × Z", "k × A,B,C", "k × A", "k × B", "k × C"]);
    assert.deepEqual(
      ends.map(({ status }) => status),
      ["fulfilled", "fulfilled", "rejected", "fulfilled"],
    );
  });

  for (const [what, error] of Object.entries({
    "the library is another's": new VppError("VPP_AUTH_HELD_BY_ANOTHER", "held"),
    "the token is dead": new VppError("VPP_AUTH_TOKEN_EXPIRED", "dead", { serviceCode: 9621 }),
    "the service is under maintenance": new VppError("VPP_SERVICE_ERROR", "maintenance", { serviceCode: 9644 }),
    "no answer came": new VppError("VPP_NETWORK_OUTCOME_UNKNOWN", "no answer"),
  })) {
    it(`are not sent again, when ${what}`, async () => {
      service.end = async ({ rectangle }) => {
        if (rectangle.targets.length > 1) throw error;
        return { kind: "complete" };
      };
      const ends = await Promise.allSettled(["Z", "A", "B"].map((target) => service.give(["k"], [target])));
      assert.deepEqual(service.shapes, ["k × Z", "k × A,B"]);
      assert.ok(ends.slice(1).every((end) => end.status === "rejected" && end.reason === error));
    });
  }

  it("tell each how much of its own is done, as its part of what the service says of all", async () => {
    const told: number[][] = [[], []];
    service.end = async (job) => {
      job.onPending(5);
      return { kind: "complete" };
    };
    await Promise.all([
      service.give(["x"], ["Z"]),
      service.give(["k"], ["A", "B", "C", "D", "E", "F"], { onPending: (done) => told[0]!.push(done) }),
      service.give(["k"], ["G", "H", "I", "J"], { onPending: (done) => told[1]!.push(done) }),
    ]);
    assert.deepEqual(told, [[3], [2]]);
  });
});
