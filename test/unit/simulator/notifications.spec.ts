import assert from "node:assert/strict";
import type { SimulatorOptions } from "../../../simulator";
import { RECEIVER_CA, type Received, Receiver, stopReceivers } from "./receiver";
import { type Client, control, fileOf, raw, smallLibrary, start, stateOf, stopAll } from "./support";

const SECRET = "a-secret-of-the-receiver";
const ALL = ["ASSET_COUNT", "ASSET_MANAGEMENT", "USER_MANAGEMENT", "USER_ASSOCIATED"];

async function subscribed(types: readonly string[] = ALL, options: SimulatorOptions = {}): Promise<[Client, Receiver]> {
  const client = await start({
    receiverCa: RECEIVER_CA,
    ...options,
    notifications: { retryMs: 5, ...options.notifications },
  });
  const receiver = await Receiver.start();
  const answer = await client.post("client/config", {
    notificationUrl: receiver.url,
    notificationAuthToken: SECRET,
    notificationTypes: types,
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  receiver.received.length = 0;
  return [client, receiver];
}

const pairsOf = (received: Received) =>
  received.notification.assignments!.map((each) => `${each.adamId} ${each.serialNumber ?? each.clientUserId}`);

describe("simulator: notifications", () => {
  afterEach(async () => {
    await stopAll();
    await stopReceivers();
  });

  it("tells of given and taken licences with the event, the result and the pairs", async () => {
    const [client, receiver] = await subscribed();
    const work = { assets: [{ adamId: "100" }], serialNumbers: ["SN1"], clientUserIds: ["anna"] };
    const { eventId } = (await client.post("assets/associate", work)).body;
    await client.simulator.settled();
    await client.event("assets/disassociate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    await client.event("assets/revoke", { clientUserIds: ["anna"] });
    const [given, taken, revoked] = receiver.received;
    assert.deepEqual(
      { ...given, notificationId: "" },
      {
        path: "/hook",
        method: "POST",
        authorization: `Bearer ${SECRET}`,
        contentType: "application/json",
        notificationId: "",
        notificationType: "ASSET_MANAGEMENT",
        uId: "1001",
        notification: {
          eventId,
          type: "ASSOCIATE",
          result: "SUCCESS",
          assignments: [
            { adamId: "100", pricingParam: "STDQ", clientUserId: "anna" },
            { adamId: "100", pricingParam: "STDQ", serialNumber: "SN1" },
          ],
        },
      },
    );
    assert.match(given!.notificationId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual([taken!.notification.type, pairsOf(taken!)], ["DISASSOCIATE", ["100 SN1"]]);
    assert.deepEqual([revoked!.notification.type, pairsOf(revoked!)], ["REVOKE", ["100 anna"]]);
    assert.equal(receiver.received.length, 3);
  });

  it("tells of failures apart from successes, one error each, under the same event", async () => {
    const [client, receiver] = await subscribed();
    const work = {
      assets: [{ adamId: "100" }, { adamId: "200" }],
      serialNumbers: ["A", "B", "C"],
      clientUserIds: ["zoe", "anna"],
    };
    const { eventId } = (await client.post("assets/associate", work)).body;
    await client.simulator.settled();
    const told = receiver.received.map(({ notification: { result, error, ...rest } }, index) => {
      assert.equal(rest.eventId, eventId);
      return [result, error?.errorNumber, pairsOf(receiver.received[index]!)];
    });
    assert.deepEqual(
      told.sort((one, other) => Number(one[1] ?? 0) - Number(other[1] ?? 0)),
      [
        ["SUCCESS", undefined, ["100 anna", "100 A", "100 B", "100 C"]],
        ["FAILURE", 9609, ["100 zoe", "200 zoe"]],
        ["FAILURE", 9709, ["200 anna", "200 A", "200 B", "200 C"]],
      ],
    );
  });

  it("puts at most 100 pairs into one notification, and every pair into exactly one", async () => {
    const [client, receiver] = await subscribed();
    const serialNumbers = Array.from({ length: 250 }, (_, index) => `SN${index}`);
    const { eventId } = (await client.post("assets/associate", { assets: [{ adamId: "300" }], serialNumbers })).body;
    await client.simulator.settled();
    const sizes = receiver.received.map((each) => each.notification.assignments!.length);
    assert.deepEqual(
      sizes.sort((one, other) => other - one),
      [100, 100, 50],
    );
    assert.deepEqual(new Set(receiver.received.map((each) => each.notification.eventId)), new Set([eventId]));
    assert.equal(new Set(receiver.received.map((each) => each.notificationId)).size, 3);
    assert.deepEqual(new Set(receiver.received.flatMap(pairsOf)), new Set(serialNumbers.map((each) => `300 ${each}`)));
  });

  it("tells of users as they are afterwards, and of an accepted invitation without an event", async () => {
    const [client, receiver] = await subscribed();
    await client.event("users/create", {
      users: [{ clientUserId: "dora", email: "d@x.example" }, { clientUserId: "anna" }],
    });
    await client.event("users/retire", { users: [{ clientUserId: "beat" }] });
    await control(client, "accept", { clientUserId: "dora" });
    await client.simulator.settled();
    const told = receiver.of("USER_MANAGEMENT").map(({ notification: { type, result, users, error } }) => {
      const named = users!.map((user) => `${user.clientUserId} ${user.status}`);
      return `${type} ${result} ${named.join()} ${error?.errorNumber ?? ""}`.trim();
    });
    assert.deepEqual(told.sort(), [
      "CREATE FAILURE anna Registered 9716",
      "CREATE SUCCESS dora Registered",
      "RETIRE SUCCESS beat Retired",
    ]);
    const [accepted] = receiver.of("USER_ASSOCIATED");
    assert.equal("eventId" in accepted!.notification, false);
    const [user] = accepted!.notification.associatedUsers!;
    assert.deepEqual(Object.keys(user!).sort(), ["clientUserId", "email", "idHash", "inviteCode", "status"]);
    assert.deepEqual([user!.clientUserId, user!.status], ["dora", "Associated"]);
  });

  it("tells of bought, refunded and transferred licences on both sides, and not of assignments as counts", async () => {
    const library = fileOf(smallLibrary(), smallLibrary({ libraryId: "1002" }));
    const [client, receiver] = await subscribed(["ASSET_COUNT"], { library });
    for (const change of [
      { action: "buy", adamId: "100", count: 5 },
      { action: "refund", adamId: "100", count: 2 },
      { action: "transfer", adamId: "200", pricingParam: "PLUS", count: 3, to: "1002" },
      { library: "1002", action: "transfer", adamId: "100", count: 1, to: "1001" },
      { action: "buy", adamId: "300" },
    ]) {
      await control(client, "assets", change);
      await client.simulator.settled();
    }
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    assert.deepEqual(
      receiver.received.map(({ notification }) => notification),
      [
        { adamId: "100", pricingParam: "STDQ", countDelta: 5 },
        { adamId: "100", pricingParam: "STDQ", countDelta: -2 },
        { adamId: "200", pricingParam: "PLUS", countDelta: -3 },
        { adamId: "100", pricingParam: "STDQ", countDelta: 1 },
      ],
    );
  });

  it("tells what another service did, without an event id", async () => {
    const [client, receiver] = await subscribed();
    const pair = { assets: [{ adamId: "100" }], serialNumbers: ["R1", "R2"] };
    await control(client, "assignments", { action: "assign", ...pair });
    await control(client, "assignments", { action: "assign", ...pair });
    await client.simulator.settled();
    await control(client, "assignments", { action: "unassign", ...pair, serialNumbers: ["R2"] });
    await client.simulator.settled();
    assert.deepEqual(
      receiver.received.map((each) => [each.notification.type, each.notification.eventId, pairsOf(each)]),
      [
        ["ASSOCIATE", undefined, ["100 R1", "100 R2"]],
        ["DISASSOCIATE", undefined, ["100 R2"]],
      ],
    );
  });

  it("tells only of what was subscribed to, and of nothing once the list of types is empty", async () => {
    const [client, receiver] = await subscribed(["USER_MANAGEMENT", "UNLIMITED_ASSET", "SUBSCRIPTION_COUNT"]);
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    await client.event("users/create", { users: [{ clientUserId: "dora" }] });
    assert.deepEqual(
      receiver.received.map((each) => each.notificationType),
      ["USER_MANAGEMENT"],
    );
    const { body } = await client.post("client/config", { notificationTypes: [] });
    assert.deepEqual(body.subscribedNotificationTypes, []);
    await client.event("users/create", { users: [{ clientUserId: "emil" }] });
    assert.equal(receiver.received.length, 1);
  });

  it("tries three times, and no more once a 2xx came", async () => {
    const [client, receiver] = await subscribed();
    const answers = [500, 403, 500, 500, 201];
    receiver.answer = () => answers.shift() ?? 204;
    for (const serial of ["SN1", "SN2"]) {
      await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: [serial] });
      await client.simulator.settled();
    }
    assert.deepEqual(
      receiver.received.map((each) => pairsOf(each)[0]),
      ["100 SN1", "100 SN1", "100 SN1", "100 SN2", "100 SN2"],
    );
    assert.equal(new Set(receiver.received.map((each) => each.notificationId)).size, 2);
    const { notifications } = (await raw(client, "GET", "notifications")).body;
    const sent = notifications.filter((each) => each.notificationType === "ASSET_MANAGEMENT");
    assert.deepEqual(
      sent.map((each) => [each.outcome, each.tries.map((one) => one.status)]),
      [
        ["failed", [500, 403, 500]],
        ["delivered", [500, 201]],
      ],
    );
  });

  it("follows no redirects, and gives up a receiver that does not answer in time", async () => {
    const [client, receiver] = await subscribed();
    const other = await Receiver.start();
    receiver.answer = () => ({ status: 307, location: other.url });
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    receiver.answer = () => "never";
    await control(client, "settings", { notifications: { timeoutMs: 40 } });
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN2"] });
    assert.deepEqual(other.received, []);
    const { notifications } = (await raw(client, "GET", "notifications")).body;
    const [, redirected, late] = notifications;
    assert.deepEqual([redirected!.outcome, redirected!.tries.map((one) => one.status)], ["failed", [307, 307, 307]]);
    assert.deepEqual(
      [late!.outcome, late!.tries.map((one) => one.error)],
      ["failed", ["TIMEOUT", "TIMEOUT", "TIMEOUT"]],
    );
  });

  it("answers requests while a receiver is slow, and ends at once when told to", async () => {
    const [client, receiver] = await subscribed();
    receiver.answer = () => "never";
    const accepted = await client.post("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    while (receiver.received.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.equal((await client.get(`status?eventId=${accepted.body.eventId}`)).body.eventStatus, "COMPLETE");
    const begun = performance.now();
    const settled = client.simulator.settled();
    await client.simulator.close();
    await settled;
    assert.ok(performance.now() - begun < 1000);
  });

  it("sends everything twice with the same id when told so", async () => {
    const [client, receiver] = await subscribed(ALL, { notifications: { duplicates: true } });
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    assert.equal(receiver.received.length, 2);
    assert.deepEqual(receiver.received[0], receiver.received[1]);
    await control(client, "settings", { notifications: { duplicates: false } });
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN2"] });
    assert.equal(receiver.received.length, 3);
  });

  it("lists what was sent without the receiver's secret, and empties the list", async () => {
    const [client, receiver] = await subscribed();
    await client.post("client/config", {
      notificationUrl: `${receiver.url}/${SECRET}`,
      notificationAuthToken: SECRET,
    });
    await control(client, "assets", { action: "buy", adamId: "100" });
    await client.simulator.settled();
    for (const name of ["notifications", "state", "requests?bodies=1", "settings"]) {
      assert.equal(JSON.stringify((await raw(client, "GET", name)).body).includes(SECRET), false, name);
    }
    const { notifications } = (await raw(client, "GET", "notifications")).body;
    assert.deepEqual(
      notifications.map((each) => [each.notificationType, each.outcome, each.library]),
      [
        ["TEST_NOTIFICATION", "delivered", "1001"],
        ["TEST_NOTIFICATION", "delivered", "1001"],
        ["ASSET_COUNT", "delivered", "1001"],
      ],
    );
    assert.equal((await raw(client, "DELETE", "notifications")).body.deleted, 3);
    assert.deepEqual((await raw(client, "GET", "notifications")).body.notifications, []);
  });

  it("does not keep what nobody asked for: no receiver, no notification", async () => {
    const client = await start();
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    await control(client, "assets", { action: "buy", adamId: "100" });
    assert.deepEqual((await raw(client, "GET", "notifications")).body.notifications, []);
    assert.equal((await stateOf(client)).assignments.length, 1);
  });
});
