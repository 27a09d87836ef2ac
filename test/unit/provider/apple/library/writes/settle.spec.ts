import assert from "node:assert/strict";
import type { Client } from "../../../../../../provider/apple/api/client";
import type { StatusAnswer } from "../../../../../../provider/apple/api/wire";
import { type EventSettings, settle } from "../../../../../../provider/apple/library/writes/settle";
import { VppError } from "../../../../../../provider/errors";
import { FakeClock } from "../../../support/fakeClock";

const pending: StatusAnswer = { eventStatus: "PENDING", numRequested: 2, numCompleted: 0 };
const complete: StatusAnswer = { eventStatus: "COMPLETE", numRequested: 2, numCompleted: 2 };

interface Story {
  /** The answer to a status request, by the milliseconds since the start and the event asked about. */
  readonly status: (afterMs: number, eventId: string) => StatusAnswer;
  readonly send?: (count: number) => string;
  readonly settings?: Partial<EventSettings>;
}

async function play({ status, send = (count) => `event-${count}`, settings = {} }: Story) {
  const clock = new FakeClock();
  const start = clock.ms;
  const asked: string[] = [];
  let sent = 0;
  let pendings = 0;
  const client = {
    status: async (eventId: string) => {
      asked.push(eventId);
      return status(clock.ms - start, eventId);
    },
  } as unknown as Client;
  const all: EventSettings = {
    timeoutMs: 1_800_000,
    polling: "quick",
    sleep: clock.sleep,
    now: clock.now,
    ...settings,
  };
  const deadline = clock.now() + all.timeoutMs;
  const settled = await settle(client, { send: async () => send(++sent), deadline, onPending: () => pendings++ }, all);
  return { settled, sleeps: clock.sleeps, asked, sent, pendings, elapsed: clock.ms - start };
}

describe("events", () => {
  describe("waiting", () => {
    it("asks soon at first and every 30 seconds in the end, when nothing else is set", async () => {
      const { settled, sleeps, pendings } = await play({ status: (after) => (after < 120_000 ? pending : complete) });
      assert.deepEqual(settled, { kind: "complete" });
      assert.deepEqual(sleeps.slice(0, 10), [50, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
      assert.equal(pendings, sleeps.length - 1);
    });

    it("never asks more often than every 30 seconds, when it is to keep to Apple's advice", async () => {
      const { sleeps } = await play({
        status: (after) => (after < 90_000 ? pending : complete),
        settings: { polling: "apple" },
      });
      assert.deepEqual(sleeps, [30_000, 30_000, 30_000]);
    });

    it("sends the same again after ten minutes and waits for that, when the event stays pending", async () => {
      const { settled, sent, asked, elapsed } = await play({
        status: (_, id) => (id === "event-1" ? pending : complete),
      });
      assert.deepEqual(settled, { kind: "complete" });
      assert.equal(sent, 2);
      assert.equal(asked.at(-1), "event-2");
      assert.ok(elapsed >= 600_000 && elapsed < 640_000, String(elapsed));
    });

    it("gives up as unsure at the deadline and not later, when the event stays pending", async () => {
      const { settled, elapsed, sent } = await play({ status: () => pending, settings: { timeoutMs: 90_000 } });
      assert.equal(settled.kind === "unsure" && settled.why.code, "VPP_SERVICE_PENDING");
      assert.match(settled.kind === "unsure" ? (settled.why.details.remedy ?? "") : "", /goes on/);
      assert.equal(elapsed, 90_000);
      assert.equal(sent, 1);
    });

    it("says the time that was waited in words that fit, when the deadline is below a minute", async () => {
      const { settled } = await play({ status: () => pending, settings: { timeoutMs: 20_000 } });
      assert.doesNotMatch(settled.kind === "unsure" ? settled.why.reason : "0 minutes", /\b0 minutes/);
    });
  });

  describe("how it ended", () => {
    const failures = [{ errorNumber: 9709, errorMessage: "no licences" }];
    const cases: [string, StatusAnswer, string][] = [
      ["complete, when the counts agree and nothing failed", complete, "complete"],
      ["complete, when failures are an empty list", { ...complete, failures: [] }, "complete"],
      ["failed, when the service says complete but counts fewer", { ...complete, numCompleted: 1 }, "failed"],
      ["failed, when the service says complete but names failures", { ...complete, failures }, "failed"],
      [
        "failed, when the service says so",
        { eventStatus: "FAILED", numRequested: 2, numCompleted: 1, failures },
        "failed",
      ],
      ["failed, when the service says so and names nothing", { eventStatus: "FAILED" }, "failed"],
    ];
    for (const [title, answer, kind] of cases) {
      it(`is ${title}`, async () => {
        const { settled } = await play({ status: () => answer });
        assert.equal(settled.kind, kind);
        if (settled.kind === "failed") assert.deepEqual(settled.failures, answer.failures ?? []);
      });
    }

    it("is unsure, when no answer to the write came", async () => {
      const lost = new VppError("VPP_NETWORK_OUTCOME_UNKNOWN", "no answer came");
      const { settled, asked } = await play({
        status: () => complete,
        send: () => {
          throw lost;
        },
      });
      assert.deepEqual(settled, { kind: "unsure", why: lost });
      assert.equal(asked.length, 0);
    });

    it("is unsure, when the event can't be asked about", async () => {
      const gone = new VppError("VPP_SERVICE_ERROR", "no such event", { serviceCode: 9708 });
      const { settled } = await play({
        status: () => {
          throw gone;
        },
      });
      assert.deepEqual(settled, { kind: "unsure", why: gone });
    });

    it("is unsure and not an error, when the second sending is refused, since the first was accepted", async () => {
      const held = new VppError("VPP_AUTH_HELD_BY_ANOTHER", "the library is held by another service");
      const { settled } = await play({
        status: () => pending,
        send: (count) => {
          if (count > 1) throw held;
          return "event-1";
        },
      });
      assert.deepEqual(settled, { kind: "unsure", why: held });
    });

    it("is an error, when the first sending is refused, since nothing was processed", async () => {
      const refused = new VppError("VPP_SERVICE_ERROR", "one of the products can't be given to devices", {
        serviceCode: 9707,
      });
      const story: Story = {
        status: () => complete,
        send: () => {
          throw refused;
        },
      };
      await assert.rejects(play(story), refused);
    });

    it("is an error, when the provider itself is at fault while waiting", async () => {
      const story: Story = {
        status: () => {
          throw new TypeError("a fault");
        },
      };
      await assert.rejects(play(story), TypeError);
    });
  });
});
