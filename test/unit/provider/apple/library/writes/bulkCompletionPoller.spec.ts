import assert from "node:assert/strict";
import { LibraryLog } from "../../../../../../provider/apple/library/log/libraryLog";
import { AssetTable } from "../../../../../../provider/apple/library/readings/assets";
import { BulkCompletionPoller } from "../../../../../../provider/apple/library/writes/bulkCompletionPoller";
import { VppError } from "../../../../../../provider/errors";

const keynote = "361285480/STDQ";
const pause = 500;

/** A service of licences whose readings are counted, and a clock that the tests move. */
class Service {
  ms = 0;
  readings = 0;
  isDown = false;
  readonly held = new Set<string>();

  private readonly log = new LibraryLog(() => this.ms);

  readonly poller = new BulkCompletionPoller({
    log: this.log,
    read: async (adamId) => {
      this.readings++;
      if (this.isDown) throw new VppError("VPP_NETWORK_UNREACHABLE", "no answer");
      const items = [...this.held].map((serialNumber) => ({ adamId, pricingParam: "STDQ", serialNumber }));
      this.log.keepLicences(adamId, this.ms, { items, isWhole: true });
    },
    pageSizeOf: () => 500,
    now: () => this.ms,
  });

  /** How many licences the service counts as assigned. */
  set assigned(assignedCount: number) {
    const app = { adamId: "361285480", pricingParam: "STDQ", totalCount: 9999, assignedCount, availableCount: 1 };
    this.log.keepAssets(new AssetTable([app], this.ms));
  }

  watch(target: string, isHeldAfter = true, apps: readonly string[] = [keynote]) {
    return this.poller.watch(isHeldAfter, "device", { apps, targets: [target] });
  }

  /** Lets time pass and asks all watches what to do. */
  async wake(...watches: ReturnType<Service["watch"]>[]): Promise<string[]> {
    this.ms += pause;
    return Promise.all(watches.map((watch) => watch.next(pause)));
  }
}

describe("bulk completion poller", () => {
  let service: Service;

  beforeEach(() => {
    service = new Service();
  });

  it("settle all writes that one reading shows to be done, with that one request", async () => {
    const watches = ["A", "B", "C", "D"].map((target) => service.watch(target));
    for (const target of ["A", "B", "C", "D"]) service.held.add(target);
    assert.deepEqual(await service.wake(...watches), ["done", "done", "done", "done"]);
    assert.equal(service.readings, 1);
  });

  it("see that licences are gone, when they were taken back", async () => {
    service.held.add("B");
    const watches = ["A", "B", "C"].map((target) => service.watch(target, false));
    assert.deepEqual(await service.wake(...watches), ["done", "ask", "done"]);
  });

  it("let one be asked about in turn, when none is seen to be done, since it may have failed", async () => {
    const watches = ["A", "B", "C"].map((target) => service.watch(target));
    const asked = [];
    for (let round = 0; round < 3; round++) asked.push((await service.wake(...watches)).indexOf("ask"));
    assert.deepEqual(asked, [0, 1, 2]);
    assert.equal(service.readings, 3);
  });

  it("let those be asked about that are not done when others are", async () => {
    const watches = ["A", "B", "C"].map((target) => service.watch(target));
    service.held.add("A");
    assert.deepEqual(await service.wake(...watches), ["done", "ask", "ask"]);
  });

  it("read nothing, when two writes are on their way, or the others have ended", async () => {
    const [a, b, c] = [service.watch("A"), service.watch("B"), service.watch("C")];
    c.ended();
    assert.deepEqual(await service.wake(a, b), ["ask", "ask"]);
    assert.equal(service.readings, 0);
  });

  it("read nothing, when that would take more than half as many requests as asking", async () => {
    service.assigned = 1000;
    const watches = ["A", "B", "C"].map((target) => service.watch(target));
    assert.deepEqual(await service.wake(...watches), ["ask", "ask", "ask"]);
    const other = service.watch("D", true, [keynote, "409183694/STDQ", "409201541/STDQ"]);
    service.assigned = 0;
    assert.deepEqual(await service.wake(...watches, other), ["ask", "ask", "ask", "ask"]);
    assert.equal(service.readings, 0);
  });

  it("never take an older reading for the answer about a write that was accepted after it", async () => {
    const early = ["A", "B", "E"].map((target) => service.watch(target));
    service.held.add("A").add("C");
    await service.wake(...early);
    service.ms += 1;
    const late = service.watch("C");
    assert.deepEqual(await service.wake(late), ["done"]);
    assert.equal(service.readings, 2);
  });

  it("ask about each, when the licences can't be read", async () => {
    service.isDown = true;
    const watches = ["A", "B", "C"].map((target) => service.watch(target));
    assert.deepEqual(await service.wake(...watches), ["ask", "ask", "ask"]);
  });
});
