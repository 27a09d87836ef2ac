import assert from "node:assert/strict";
import { Client, control, fileOf, smallLibrary, start, stateOf, stopAll } from "./support";

const TEN = [{ adamId: "100", pricingParam: "STDQ" }];
const TWO = [{ adamId: "200", pricingParam: "STDQ" }];

describe("simulator: associate", () => {
  afterEach(stopAll);

  it("accepts at once and gives licences when the event is processed", async () => {
    const client = await start({ eventDelayMs: 60 });
    const accepted = (await client.post("assets/associate", { assets: TEN, serialNumbers: ["SN1"] })).body;
    assert.deepEqual(Object.keys(accepted).sort(), ["eventId", "tokenExpirationDate", "uId"]);
    const pending = (await client.get(`status?eventId=${accepted.eventId}`)).body;
    assert.deepEqual(
      [pending.eventStatus, pending.eventType, pending.numRequested, pending.numCompleted, pending.failures],
      ["PENDING", "ASSOCIATE", 1, 0, undefined],
    );
    assert.deepEqual(await client.pairs(), []);
    await client.simulator.settled();
    assert.equal((await client.get(`status?eventId=${accepted.eventId}`)).body.eventStatus, "COMPLETE");
    assert.deepEqual(await client.pairs(), ["100 SN1"]);
  });

  it("applies every asset to every user and device", async () => {
    const client = await start();
    const status = await client.event("assets/associate", {
      assets: [...TEN, { adamId: "300" }],
      clientUserIds: ["anna", "beat"],
      serialNumbers: ["SN1", "SN2"],
    });
    assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["COMPLETE", 8, 8]);
    assert.equal((await client.pairs()).length, 8);
  });

  it("accepts any serial number: the service knows no devices", async () => {
    const client = await start();
    const status = await client.event("assets/associate", { assets: TEN, serialNumbers: ["no such thing ☃"] });
    assert.equal(status.eventStatus, "COMPLETE");
  });

  it("processes events one after another, in the order of acceptance", async () => {
    const client = await start({ eventDelayMs: 10 });
    const body = { assets: TEN, serialNumbers: ["SN1"] };
    await client.post("assets/associate", body);
    await client.post("assets/disassociate", body);
    await client.post("assets/associate", body);
    await client.post("assets/disassociate", body);
    await client.simulator.settled();
    assert.deepEqual(await client.pairs(), []);
    const { events } = await stateOf(client);
    assert.deepEqual(
      events.map((event) => event.eventType),
      ["ASSOCIATE", "DISASSOCIATE", "ASSOCIATE", "DISASSOCIATE"],
    );
  });

  it("takes giving again what is held as done, without using another licence", async () => {
    const client = await start();
    await client.event("assets/associate", { assets: TWO, serialNumbers: ["SN1", "SN2"] });
    const again = await client.event("assets/associate", { assets: TWO, serialNumbers: ["SN1", "SN2"] });
    assert.deepEqual([again.eventStatus, again.numRequested, again.numCompleted], ["COMPLETE", 2, 2]);
    assert.equal((await client.asset("200")).assignedCount, 2);
  });

  it("can leave tasks without effect out of the count of completed ones", async () => {
    const client = await start({ readings: { "no-op": "uncounted" } });
    await client.event("assets/associate", { assets: TEN, serialNumbers: ["SN1"] });
    const again = await client.event("assets/associate", { assets: TEN, serialNumbers: ["SN1", "SN2"] });
    assert.deepEqual([again.eventStatus, again.numRequested, again.numCompleted], ["COMPLETE", 2, 1]);
    const back = await client.event("assets/disassociate", { assets: TEN, serialNumbers: ["SN3"] });
    assert.deepEqual([back.eventStatus, back.numRequested, back.numCompleted], ["COMPLETE", 1, 0]);
  });

  describe("when licences do not suffice", () => {
    const body = { assets: [...TEN, ...TWO], clientUserIds: ["anna"], serialNumbers: ["SN1", "SN2"] };

    it("gives an asset to nobody and the others to all", async () => {
      const client = await start();
      const status = await client.event("assets/associate", body);
      assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["FAILED", 6, 3]);
      assert.deepEqual(status.failures, [
        {
          errorNumber: 9709,
          errorMessage: status.failures[0]!.errorMessage,
          errorInfo: { assets: TWO, clientUserIds: ["anna"], serialNumbers: ["SN1", "SN2"] },
        },
      ]);
      assert.deepEqual(await client.pairs(), ["100 anna", "100 SN1", "100 SN2"]);
      assert.equal((await client.asset("200")).availableCount, 2);
    });

    it("gives an asset to as many as there are licences for in the other reading", async () => {
      const client = await start({ readings: { "9709": "fill-up" } });
      const status = await client.event("assets/associate", body);
      assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["FAILED", 6, 5]);
      assert.deepEqual(status.failures[0]!.errorInfo, { assets: TWO, serialNumbers: ["SN2"] });
      assert.deepEqual(await client.pairs("?adamId=200"), ["200 anna", "200 SN1"]);
      assert.equal((await client.asset("200")).availableCount, 0);
    });

    it("does not need licences for those who hold one already", async () => {
      const client = await start();
      await client.event("assets/associate", { assets: TWO, serialNumbers: ["SN1"] });
      const enough = await client.event("assets/associate", { assets: TWO, serialNumbers: ["SN1", "SN2"] });
      assert.equal(enough.eventStatus, "COMPLETE");
      const short = await client.event("assets/associate", { assets: TWO, serialNumbers: ["SN1", "SN3"] });
      assert.deepEqual([short.eventStatus, short.numCompleted], ["FAILED", 1]);
      assert.deepEqual(short.failures[0]!.errorInfo, { assets: TWO, serialNumbers: ["SN3"] });
    });

    const three = { assets: [...TWO, { adamId: "200", pricingParam: "PLUS" }], serialNumbers: ["A", "B", "C", "D"] };
    const plus = { adamId: "200", pricingParam: "PLUS" };
    for (const [reading, expected] of [
      ["full", [{ assets: [...TWO, plus], serialNumbers: ["A", "B", "C", "D"] }]],
      [
        "per-asset",
        [
          { assets: TWO, serialNumbers: ["A", "B", "C", "D"] },
          { assets: [plus], serialNumbers: ["A", "B", "C", "D"] },
        ],
      ],
      ["assets", [{ assets: [...TWO, plus] }]],
      ["none", [undefined]],
    ] as const) {
      it(`names what failed in the way "${reading}"`, async () => {
        const client = await start({ readings: { "9709-info": reading } });
        const { failures } = await client.event("assets/associate", three);
        assert.deepEqual(
          failures.map((failure) => failure.errorInfo),
          expected,
        );
      });
    }
  });

  describe("with users that are not active", () => {
    for (const path of ["assets/associate", "assets/disassociate"]) {
      it(`accepts ${path} when all are unknown, and fails its event, as in Apple's sample`, async () => {
        const client = await start();
        const status = await client.event(path, { assets: TEN, clientUserIds: ["zoe", "carl"] });
        assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["FAILED", 2, 0]);
        assert.deepEqual(
          status.failures.map((failure) => [failure.errorNumber, failure.errorInfo]),
          [[9609, { clientUserIds: ["zoe", "carl"] }]],
        );
      });
    }

    for (const [reading, all, some] of [
      ["async", undefined, undefined],
      ["mixed", 9609, undefined],
      ["sync", 9609, 9609],
    ] as const) {
      it(`can refuse them at once, in the reading "${reading}"`, async () => {
        const client = await start({ readings: { "9609": reading } });
        for (const [clientUserIds, errorNumber, unknown] of [
          [["zoe", "carl"], all, ["zoe", "carl"]],
          [["anna", "zoe"], some, ["zoe"]],
          [["anna", "beat"], undefined, undefined],
        ] as const) {
          const { status, body } = await client.post("assets/associate", { assets: TEN, clientUserIds });
          assert.deepEqual([status, body.errorNumber], [errorNumber === undefined ? 200 : 400, errorNumber]);
          assert.deepEqual(body.errorInfo, errorNumber && { clientUserIds: unknown });
        }
      });
    }

    it("fails only the tasks of the unknown ones otherwise, as in Apple's example", async () => {
      const client = await start();
      const status = await client.event("assets/associate", {
        assets: [...TEN, { adamId: "300" }],
        clientUserIds: ["anna", "beat", "zoe"],
        serialNumbers: ["A", "B", "C", "D", "E"],
      });
      assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["FAILED", 16, 14]);
      assert.deepEqual(
        status.failures.map((failure) => [failure.errorNumber, failure.errorInfo]),
        [[9609, { clientUserIds: ["zoe"] }]],
      );
    });

    it("groups failures by error", async () => {
      const client = await start();
      const status = await client.event("assets/associate", {
        assets: TWO,
        clientUserIds: ["anna", "zoe", "yan"],
        serialNumbers: ["A", "B"],
      });
      assert.deepEqual(
        status.failures.map((failure) => [failure.errorNumber, failure.errorInfo]),
        [
          [9609, { clientUserIds: ["zoe", "yan"] }],
          [9709, { assets: TWO, clientUserIds: ["anna"], serialNumbers: ["A", "B"] }],
        ],
      );
    });

    it("decides at the time of processing who is unknown", async () => {
      const client = await start({ eventDelayMs: 30 });
      const { body } = await client.post("assets/associate", { assets: TEN, clientUserIds: ["anna"] });
      await control(client, "users", { action: "retire", users: [{ clientUserId: "anna" }] });
      await client.simulator.settled();
      const status = (await client.get(`status?eventId=${body.eventId}`)).body;
      assert.deepEqual([status.eventStatus, status.failures[0]!.errorNumber], ["FAILED", 9609]);
    });
  });

  it("refuses an asset the library does not own, or fails it later on in the other reading", async () => {
    const client = await start();
    const body = { assets: [...TEN, { adamId: "555", pricingParam: "STDQ" }], serialNumbers: ["SN1"] };
    const refused = await client.post("assets/associate", body);
    assert.deepEqual([refused.status, refused.body.errorNumber], [400, 9602]);
    await control(client, "settings", { readings: { "unknown-asset": "9709" } });
    const failed = await client.event("assets/associate", body);
    assert.deepEqual([failed.eventStatus, failed.numCompleted], ["FAILED", 1]);
    assert.deepEqual(failed.failures[0]!.errorInfo?.assets, [{ adamId: "555", pricingParam: "STDQ" }]);
  });

  it("takes a pricing left out as standard, or as the only one owned in the other reading", async () => {
    const library = fileOf(
      smallLibrary({ assets: [{ adamId: "200", pricingParam: "PLUS", name: "Two", totalCount: 3 }] }),
    );
    const client = await start({ library });
    const body = { assets: [{ adamId: "200" }], serialNumbers: ["SN1"] };
    assert.equal((await client.post("assets/associate", body)).body.errorNumber, 9602);
    await control(client, "settings", { readings: { "default-pricing": "owned" } });
    await client.event("assets/associate", body);
    assert.deepEqual(await client.pairs(), ["200/PLUS SN1"]);
  });

  it("can refuse users and devices in one request", async () => {
    const client = await start({ readings: { "both-targets": "9602" } });
    const both = { assets: TEN, clientUserIds: ["anna"], serialNumbers: ["SN1"] };
    assert.equal((await client.post("assets/associate", both)).body.errorNumber, 9602);
    assert.equal((await client.post("assets/associate", { ...both, clientUserIds: [] })).status, 200);
  });

  it("does not tell another library about an event", async () => {
    const client = await start({ library: fileOf(smallLibrary(), smallLibrary({ libraryId: "1002" })) });
    const { body } = await client.post("assets/associate", { assets: TEN, serialNumbers: ["SN1"] });
    const other = new Client(client.simulator, client.simulator.token("1002"));
    const refused = await other.get(`status?eventId=${body.eventId}`);
    assert.deepEqual([refused.status, refused.body.errorNumber], [400, 9708]);
    assert.equal((await client.get("status?eventId=abc")).body.errorNumber, 9708);
    assert.equal((await client.get("status")).body.errorNumber, 9602);
  });
});
