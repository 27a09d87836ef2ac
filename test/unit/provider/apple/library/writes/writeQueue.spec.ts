import assert from "node:assert/strict";
import type { Client } from "../../../../../../provider/apple/api/client";
import type { ManageAssetsRequest, StatusAnswer } from "../../../../../../provider/apple/api/wire";
import { LibraryLog } from "../../../../../../provider/apple/library/log/libraryLog";
import { assetKey } from "../../../../../../provider/apple/library/readings/assets";
import { RunFiles } from "../../../../../../provider/apple/library/runs/runFiles";
import type { BulkCompletionPoller } from "../../../../../../provider/apple/library/writes/bulkCompletionPoller";
import { type WriteJob, WriteQueue } from "../../../../../../provider/apple/library/writes/writeQueue";
import { VppError } from "../../../../../../provider/errors";
import { FakeClock } from "../../../support/fakeClock";
import { publishedLimits } from "./fakeAccess";

const ref = { libraryId: "2049025000431439", contentTokenKey: "default", bindingId: "ours" };
const complete: StatusAnswer = { eventStatus: "COMPLETE", numRequested: 1, numCompleted: 1 };

interface Sent {
  readonly apps: readonly string[];
  readonly targets: readonly string[];
}

/** A service that takes every request, unless a test lets it do otherwise. */
class Service {
  readonly clock = new FakeClock();
  readonly log = new LibraryLog(this.clock.now);
  readonly sent: Sent[] = [];
  limits = publishedLimits;
  /** Called when a request arrives; may throw. */
  onSend: (sent: Sent) => void | Promise<void> = () => undefined;
  onStatus: (eventId: string) => StatusAnswer = () => complete;
  onGuard: () => void = () => undefined;

  private readonly manage = async (request: ManageAssetsRequest, permission: () => Promise<void>): Promise<string> => {
    await permission();
    const targets = request.serialNumbers ?? request.clientUserIds ?? [];
    const sent = { apps: request.assets.map((asset) => assetKey(asset).split("/")[0]!), targets };
    this.sent.push(sent);
    await new Promise((resolve) => setImmediate(resolve));
    await this.onSend(sent);
    return `event-${this.sent.length}`;
  };

  readonly queue = new WriteQueue({
    client: {
      serviceConfig: async () => ({ limits: this.limits, urls: {} }),
      associate: this.manage,
      disassociate: this.manage,
      manageUsers: async (_action: string, users: { clientUserId: string }[], permission: () => Promise<void>) => {
        await permission();
        this.sent.push({ apps: [], targets: users.map(({ clientUserId }) => clientUserId) });
        return "event-of-people";
      },
      status: async (eventId: string) => this.onStatus(eventId),
    } as unknown as Client,
    log: this.log,
    poller: { watch: () => ({ next: async () => "ask", ended: () => undefined }) } as unknown as BulkCompletionPoller,
    events: { timeoutMs: 60_000, polling: "quick", sleep: this.clock.sleep, now: this.clock.now },
    files: new RunFiles(undefined),
    guard: async () => this.onGuard(),
  });

  give(apps: readonly string[], targets: readonly string[], changes: Partial<WriteJob> = {}) {
    const rectangle = { apps: apps.map((app) => `${app}/STDQ`), targets };
    return this.queue.licences({
      ref,
      action: "give",
      kind: "device",
      rectangle,
      isAlone: false,
      onPending: () => {},
      deadline: this.queue.deadline(),
      ...changes,
    });
  }

  /** What each request held, as `apps × targets`. */
  get shapes(): string[] {
    return this.sent.map(({ apps, targets }) => `${apps} × ${targets}`);
  }
}

describe("write queue", () => {
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
    service.onSend = ({ targets }) => {
      if (targets.includes("B")) throw refusal;
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
  })) {
    it(`are not sent again, when ${what}`, async () => {
      service.onSend = ({ targets }) => {
        if (targets.length > 1) throw error;
      };
      const ends = await Promise.allSettled(["Z", "A", "B"].map((target) => service.give(["k"], [target])));
      assert.deepEqual(service.shapes, ["k × Z", "k × A,B"]);
      assert.ok(ends.slice(1).every((end) => end.status === "rejected" && end.reason === error));
    });
  }

  it("tell each how much of its own is done, as its part of what the service says of all", async () => {
    const told: number[][] = [[], []];
    const asked: string[] = [];
    service.onStatus = (eventId) =>
      asked.push(eventId) && asked.filter((each) => each === eventId).length < 3
        ? { eventStatus: "PENDING", numCompleted: 5 }
        : complete;
    await Promise.all([
      service.give(["x"], ["Z"]),
      service.give(["k"], ["A", "B", "C", "D", "E", "F"], { onPending: (done) => told[0]!.push(done) }),
      service.give(["k"], ["G", "H", "I", "J"], { onPending: (done) => told[1]!.push(done) }),
    ]);
    assert.ok(told.every((parts) => parts.length > 0));
    assert.ok(told[0]!.every((done) => done === 3));
    assert.ok(told[1]!.every((done) => done === 2));
  });

  it("is not held up by what throws while a group is put together", async () => {
    const broken = { apps: undefined, targets: ["B"] } as unknown as WriteJob["rectangle"];
    const ends = await Promise.allSettled([
      service.give(["k"], ["A"]),
      service.give(["k"], ["B"], { rectangle: broken }),
      service.give(["k"], ["C"]),
    ]);
    assert.equal(ends[1]?.status, "rejected");
    assert.equal((await service.give(["k"], ["D"])).kind, "complete");
  });

  it("lets one thing go out at a time, licences, people and the mark alike", async () => {
    const order: string[] = [];
    service.onSend = async ({ targets }) => {
      order.push(`begin ${targets}`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`end ${targets}`);
    };
    await Promise.all([
      service.give(["k"], ["A"]),
      service.give(["n"], ["B"], { action: "takeBack" }),
      service.queue.users(ref, "create", [{ clientUserId: "ada" }], service.queue.deadline()),
    ]);
    assert.deepEqual(order, ["begin A", "end A", "begin B", "end B"]);
    assert.ok(service.shapes.includes(" × ada"));
  });

  it("sends nothing more, once the guard refuses", async () => {
    const held = new VppError("VPP_AUTH_HELD_BY_ANOTHER", "held");
    service.onSend = () => {
      service.onGuard = () => {
        throw held;
      };
    };
    const ends = await Promise.allSettled(
      ["A", "B", "C"].map((target) => service.give([target], ["Z"], { isAlone: true })),
    );
    assert.equal(service.sent.length, 1);
    assert.deepEqual(
      ends.map(({ status }) => status),
      ["fulfilled", "rejected", "rejected"],
    );
  });

  describe("log", () => {
    const state = (target: string) => service.log.viewOf("k/STDQ", "device").state(target);

    it("knows what was done in full, without a reading", async () => {
      await service.give(["k"], ["A"]);
      assert.deepEqual([state("A"), state("B")], ["held", "unknown"]);
    });

    it("does not know what was done of a write that failed, nor of one whose end nobody learned", async () => {
      service.onStatus = () => ({ eventStatus: "FAILED", numRequested: 1, numCompleted: 0, failures: [] });
      await service.give(["k"], ["A"]);
      service.onSend = () => {
        throw new VppError("VPP_NETWORK_OUTCOME_UNKNOWN", "no answer");
      };
      assert.equal((await service.give(["k"], ["B"])).kind, "unsure");
      assert.deepEqual([state("A"), state("B")], ["unknown", "unknown"]);
    });

    it("forgets a write that the service has refused as a whole, and one that never went out", async () => {
      service.onSend = () => {
        throw new VppError("VPP_SERVICE_ERROR", "refused", { serviceCode: 9602 });
      };
      await assert.rejects(service.give(["k"], ["A"]));
      service.onGuard = () => {
        throw new VppError("VPP_AUTH_NOT_BOUND", "not ours");
      };
      await assert.rejects(service.give(["k"], ["B"]));
      assert.equal(service.log.touched("k/STDQ"), "no");
    });

    it("counts what is on its way as taken", async () => {
      let whilePending: string | undefined;
      service.onStatus = () => {
        whilePending ??= `${state("A")} ${service.log.viewOf("k/STDQ", "device").isTaken("A")} ${service.log.touched("k/STDQ")}`;
        return complete;
      };
      await service.give(["k"], ["A"]);
      assert.equal(whilePending, "unknown true pending");
    });
  });
});
