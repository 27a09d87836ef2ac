import assert from "node:assert/strict";
import { EventQueue } from "../../../simulator/apple/core/events";

const DONE = { numRequested: 1, numCompleted: 1, failures: [] };

function queue(delayMs: () => number = () => 0): EventQueue {
  const surroundings = {
    now: () => Date.now(),
    delayMs,
    before: () => undefined,
    process: (_: unknown, work: unknown) => (work as () => typeof DONE)(),
    after: () => undefined,
  };
  return new EventQueue(surroundings, { record: undefined });
}

describe("simulator: event queue", () => {
  it("processes an event only after those accepted before it, even if it is due earlier", async () => {
    const delays = [40, 0];
    const events = queue(() => delays.shift()!);
    const order: string[] = [];
    for (const name of ["slow", "quick"]) {
      const apply = () => {
        order.push(name);
        return DONE;
      };
      events.accept({ eventType: "ASSOCIATE", numRequested: 1, work: apply });
    }
    await events.settled();
    assert.deepEqual(order, ["slow", "quick"]);
  });

  it("does not add up the delays of events accepted together", async () => {
    const events = queue(() => 30);
    const begun = performance.now();
    for (let index = 0; index < 20; index += 1) {
      events.accept({ eventType: "REVOKE", numRequested: 1, work: () => DONE });
    }
    await events.settled();
    assert.ok(performance.now() - begun < 300);
  });

  it("goes on with the next event when one breaks, which shows as an internal error", async () => {
    const events = queue();
    const breaks = () => {
      throw new Error("broken on purpose");
    };
    const written: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text) => written.push(String(text)) > 0;
    try {
      const broken = events.accept({ eventType: "CREATE", numRequested: 3, work: breaks });
      const next = events.accept({ eventType: "CREATE", numRequested: 1, work: () => DONE });
      await events.settled();
      assert.deepEqual([broken.eventStatus, broken.numCompleted, broken.failures[0]!.errorNumber], ["FAILED", 0, 9603]);
      assert.equal(next.eventStatus, "COMPLETE");
    } finally {
      process.stderr.write = write;
    }
    assert.match(written.join(""), /broken on purpose/);
  });

  it("processes nothing more once it is stopped", async () => {
    const events = queue(() => 10);
    const event = events.accept({ eventType: "RETIRE", numRequested: 1, work: () => DONE });
    events.stop();
    await events.settled();
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(event.eventStatus, "PENDING");
  });
});
