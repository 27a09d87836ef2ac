import assert from "node:assert/strict";
import { send, start, stopAll } from "./support";

describe("simulator: service/config", () => {
  afterEach(stopAll);

  it("needs no token and names addresses of this origin only", async () => {
    const { simulator } = await start();
    const { status, body } = await send(`${simulator.url}/mdm/v2/service/config`);
    assert.equal(status, 200);
    assert.equal(body.urls.associateAssets, `${simulator.url}/mdm/v2/assets/associate`);
    assert.equal(body.urls.eventStatus, `${simulator.url}/mdm/v2/status`);
    assert.deepEqual(Object.keys(body.urls).sort(), [
      "associateAssets",
      "clientConfig",
      "contentMetadataLookup",
      "createUsers",
      "disassociateAssets",
      "eventStatus",
      "getAssets",
      "getAssignments",
      "getUsers",
      "invitationEmail",
      "retireUsers",
      "revokeAssets",
      "updateUsers",
    ]);
    for (const address of Object.values(body.urls)) {
      assert.ok(address.startsWith(simulator.url), address);
    }
    assert.match(body.urls.invitationEmail!, /%25inviteCode%25/);
  });

  it("publishes the limits in force, changed and taken away ones included", async () => {
    const { simulator } = await start({ limits: { maxAssets: 3, maxRequestPerSecond: null } });
    const { body } = await send(`${simulator.url}/mdm/v2/service/config`);
    assert.deepEqual(body.limits, {
      maxAssets: 3,
      maxClientUserIds: 1000,
      maxSerialNumbers: 1000,
      maxRevokeClientUserIds: 100,
      maxRevokeSerialNumbers: 100,
      maxUsers: 100,
      maxNotificationLength: 512,
      maxMdmIdLength: 100,
      maxMdmNameLength: 100,
      maxMdmMetadataLength: 255,
      maxSubscriptions: 25,
      maxSubscriptionClientUserIds: 1000,
    });
  });

  it("allows 15 requests per second unless told otherwise", async () => {
    const { simulator } = await start({ limits: { maxRequestPerSecond: 15 } });
    const { body } = await send(`${simulator.url}/mdm/v2/service/config`);
    assert.equal(body.limits.maxRequestPerSecond, 15);
  });

  it("lists the errors Apple lists there, and not those of other pages", async () => {
    const { simulator } = await start();
    const { body } = await send(`${simulator.url}/mdm/v2/service/config`);
    const numbers = body.errorCodes.map((each) => each.errorNumber);
    const ranges = Array.from({ length: 29 }, (_, index) => 9700 + index);
    assert.deepEqual(numbers, [9601, 9602, 9603, 9609, 9621, 9625, 9634, 9646, 9650, ...ranges]);
  });

  it("tells nothing about a library, whoever asks", async () => {
    const client = await start();
    await client.post("client/config", { mdmInfo: { id: "a", name: "b", metadata: "c" } });
    const { body } = await client.get("service/config");
    assert.deepEqual(Object.keys(body).sort(), ["errorCodes", "limits", "notificationTypes", "urls"]);
  });
});
