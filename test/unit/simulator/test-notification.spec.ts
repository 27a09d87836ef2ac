import assert from "node:assert/strict";
import { RECEIVER_CA, Receiver, stopReceivers } from "./receiver";
import { type Client, control, start, stopAll } from "./support";

const SECRET = "a-secret-of-the-receiver";

const subscribe = (client: Client, notificationUrl: string, more: object = {}) =>
  client.post("client/config", {
    notificationUrl,
    notificationAuthToken: SECRET,
    notificationTypes: ["ASSET_COUNT"],
    ...more,
  });

describe("simulator: test notification", () => {
  afterEach(async () => {
    await stopAll();
    await stopReceivers();
  });

  it("reaches the receiver before client/config answers, with the bearer token", async () => {
    const client = await start({ receiverCa: RECEIVER_CA });
    const receiver = await Receiver.start();
    const { status, body } = await subscribe(client, receiver.url);
    assert.deepEqual([status, body.notificationUrl, body.notificationAuthToken], [200, receiver.url, SECRET]);
    const [test] = receiver.received;
    assert.deepEqual(
      [test!.notificationType, test!.notification, test!.authorization, test!.uId],
      ["TEST_NOTIFICATION", {}, `Bearer ${SECRET}`, "1001"],
    );
    assert.equal(receiver.received.length, 1);
  });

  const failures: [string, (receiver: Receiver) => Promise<string> | string][] = [
    [
      "answers with an error",
      (receiver) => {
        receiver.answer = () => 500;
        return receiver.url;
      },
    ],
    [
      "redirects",
      (receiver) => {
        receiver.answer = () => ({ status: 302, location: receiver.url });
        return receiver.url;
      },
    ],
    [
      "does not answer in time",
      (receiver) => {
        receiver.answer = () => "never";
        return receiver.url;
      },
    ],
    [
      "does not listen",
      async (receiver) => {
        await receiver.stop();
        return receiver.url;
      },
    ],
  ];
  for (const [what, prepare] of failures) {
    it(`refuses a receiver that ${what} with 9728 and stores nothing`, async () => {
      const client = await start({ receiverCa: RECEIVER_CA, notifications: { timeoutMs: 60 } });
      const before = (await client.get("client/config")).body;
      const url = await prepare(await Receiver.start());
      const mdmInfo = { id: "a", name: "b", metadata: "c" };
      const { status, body } = await subscribe(client, url, { mdmInfo });
      assert.deepEqual([status, body.errorNumber], [400, 9728]);
      assert.deepEqual((await client.get("client/config")).body, before);
    });
  }

  it("refuses a receiver whose certificate nobody vouches for", async () => {
    const client = await start();
    const receiver = await Receiver.start();
    assert.equal((await subscribe(client, receiver.url)).body.errorNumber, 9728);
    assert.deepEqual(receiver.received, []);
  });

  it("takes receivers without TLS on this machine only when told so", async () => {
    const receiver = await Receiver.start("http");
    const client = await start();
    assert.equal((await subscribe(client, receiver.url)).body.errorNumber, 9712);
    await control(client, "settings", { notifications: { httpOnLoopback: true } });
    assert.equal((await subscribe(client, receiver.url)).status, 200);
    assert.equal(receiver.received.length, 1);
    for (const url of ["http://mdm.example/hook", "http://127.0.0.1.mdm.example/", "ftp://127.0.0.1/"]) {
      assert.equal((await subscribe(client, url)).body.errorNumber, 9712, url);
    }
  });

  it("is sent again by requests that name no receiver in one reading only", async () => {
    const mdmInfo = { id: "a", name: "b", metadata: "c" };
    for (const [reading, tests, errorNumber] of [
      ["with-url", 1, undefined],
      ["always", 2, 9728],
    ] as const) {
      const client = await start({ receiverCa: RECEIVER_CA, readings: { "test-notification": reading } });
      assert.equal((await client.post("client/config", { mdmInfo })).status, 200);
      const receiver = await Receiver.start();
      await subscribe(client, receiver.url);
      receiver.answer = () => 503;
      assert.equal((await client.post("client/config", { mdmInfo })).body.errorNumber, errorNumber);
      assert.equal(receiver.received.length, tests);
    }
  });

  it("reads an empty list of types as the end of all subscriptions, as nothing, or as wrong", async () => {
    for (const [reading, errorNumber, types] of [
      ["unsubscribes", undefined, []],
      ["ignored", undefined, ["ASSET_COUNT"]],
      ["9602", 9602, ["ASSET_COUNT"]],
    ] as const) {
      const client = await start({ receiverCa: RECEIVER_CA, readings: { "no-notification-types": reading } });
      await subscribe(client, (await Receiver.start()).url);
      assert.equal((await client.post("client/config", { notificationTypes: [] })).body.errorNumber, errorNumber);
      assert.deepEqual((await client.get("client/config")).body.subscribedNotificationTypes, types);
    }
  });
});
