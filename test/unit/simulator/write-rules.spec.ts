import assert from "node:assert/strict";
import { start, stopAll } from "./support";

const TEN = { adamId: "100" };
const LIMITS = {
  maxAssets: 2,
  maxClientUserIds: 2,
  maxSerialNumbers: 2,
  maxRevokeClientUserIds: 1,
  maxRevokeSerialNumbers: 1,
  maxUsers: 2,
};

interface Case {
  readonly what: string;
  readonly path: string;
  readonly body: unknown;
  readonly errorNumber: number;
}

const give = (what: string, body: unknown, errorNumber: number): Case => ({
  what,
  path: "assets/associate",
  body,
  errorNumber,
});
const users = (what: string, list: unknown, errorNumber: number, path = "create"): Case => ({
  what,
  path: `users/${path}`,
  body: { users: list },
  errorNumber,
});

const CASES: readonly Case[] = [
  give("no JSON", "{", 9602),
  give("a text as body", '"x"', 9602),
  give("assets that are no list", { assets: "100", serialNumbers: ["A"] }, 9602),
  give("an adamId that is a number", { assets: [{ adamId: 100 }], serialNumbers: ["A"] }, 9602),
  give("an unknown pricing", { assets: [{ adamId: "100", pricingParam: "HIGH" }], serialNumbers: ["A"] }, 9602),
  give("an asset that is null", { assets: [null], serialNumbers: ["A"] }, 9602),
  give("a serial number that is a number", { assets: [TEN], serialNumbers: [1] }, 9602),
  give("an empty serial number", { assets: [TEN], serialNumbers: [""] }, 9602),
  give("wrong types before missing assets", { clientUserIds: [1] }, 9602),
  give("no assets", { serialNumbers: ["A"] }, 9718),
  give("empty assets", { assets: [], serialNumbers: ["A"] }, 9718),
  give("missing assets before missing targets", {}, 9718),
  give("no targets", { assets: [TEN] }, 9719),
  give("empty and null targets", { assets: [TEN], serialNumbers: [], clientUserIds: null }, 9719),
  give("too many assets", { assets: [TEN, { adamId: "200" }, { adamId: "300" }], serialNumbers: ["A"] }, 9700),
  give("too many users", { assets: [TEN], clientUserIds: ["a", "b", "c"] }, 9701),
  give("too many devices", { assets: [TEN], serialNumbers: ["a", "b", "c"] }, 9702),
  give("too many assets before duplicate ones", { assets: [TEN, TEN, TEN], serialNumbers: ["A"] }, 9700),
  give("duplicate assets", { assets: [TEN, TEN], serialNumbers: ["A"] }, 9703),
  give(
    "an asset named twice, once with the default pricing",
    { assets: [TEN, { ...TEN, pricingParam: "STDQ" }], serialNumbers: ["A"] },
    9703,
  ),
  give("duplicate users", { assets: [TEN], clientUserIds: ["anna", "anna"] }, 9704),
  give("duplicate devices", { assets: [TEN], serialNumbers: ["A", "A"] }, 9705),
  give("duplicate devices before a book for devices", { assets: [{ adamId: "900" }], serialNumbers: ["A", "A"] }, 9705),
  give("a book for a device", { assets: [{ adamId: "900" }], serialNumbers: ["A"] }, 9707),
  give("an app for users only for a device", { assets: [TEN, { adamId: "400" }], serialNumbers: ["A"] }, 9707),
  give(
    "a book for a device before unknown users",
    { assets: [{ adamId: "900" }], serialNumbers: ["A"], clientUserIds: ["zoe"] },
    9707,
  ),
  give("unknown users only", { assets: [TEN], clientUserIds: ["zoe"] }, 9609),
  {
    what: "an irrevocable asset to take back",
    path: "assets/disassociate",
    body: { assets: [TEN, { adamId: "900" }], clientUserIds: ["beat"] },
    errorNumber: 9706,
  },
  { what: "nothing to take back", path: "assets/disassociate", body: { serialNumbers: ["A"] }, errorNumber: 9718 },
  {
    what: "unknown users only",
    path: "assets/disassociate",
    body: { assets: [TEN], clientUserIds: ["zoe"] },
    errorNumber: 9609,
  },
  { what: "nobody to revoke from", path: "assets/revoke", body: {}, errorNumber: 9719 },
  {
    what: "too many users to revoke from",
    path: "assets/revoke",
    body: { clientUserIds: ["a", "b"] },
    errorNumber: 9701,
  },
  {
    what: "too many devices to revoke from",
    path: "assets/revoke",
    body: { serialNumbers: ["a", "b"] },
    errorNumber: 9702,
  },
  { what: "unknown users only", path: "assets/revoke", body: { clientUserIds: ["zoe"] }, errorNumber: 9609 },
  users("no users", undefined, 9720),
  users("empty users", [], 9720),
  users("users that are no list", "anna", 9602),
  users("a user that is a text", ["anna"], 9602),
  users("a user without an id", [{ email: "a@b.example" }], 9602),
  users("an email that is a number", [{ clientUserId: "a", email: 1 }], 9602),
  users("too many users", [{ clientUserId: "a" }, { clientUserId: "b" }, { clientUserId: "c" }], 9714),
  users("duplicate users", [{ clientUserId: "a" }, { clientUserId: "a" }], 9715),
  users("a bad email", [{ clientUserId: "a", email: "nobody" }], 9717),
  users("a bad email", [{ clientUserId: "anna", email: "no body@b.example" }], 9717, "update"),
  users("unknown users only", [{ clientUserId: "zoe" }], 9609, "update"),
  users("unknown users only", [{ clientUserId: "zoe" }], 9609, "retire"),
  users("a retired user only", [{ clientUserId: "carl" }], 9609, "retire"),
];

describe("simulator: rules of writes", () => {
  afterEach(stopAll);

  for (const { what, path, body, errorNumber } of CASES) {
    it(`refuses ${what} in ${path} with ${errorNumber}, and makes no event`, async () => {
      const client = await start({ limits: LIMITS, readings: { "9609": "mixed" } });
      const answer = await client.post(path, body);
      assert.deepEqual([answer.status, answer.body.errorNumber], [400, errorNumber]);
      assert.equal("eventId" in answer.body, false);
      assert.deepEqual(await client.pairs(), []);
    });
  }

  it("does not enforce a limit that was taken away", async () => {
    const client = await start({ limits: { maxSerialNumbers: null } });
    const serialNumbers = Array.from({ length: 1500 }, (_, index) => `SN${index}`);
    const status = await client.event("assets/associate", { assets: [{ adamId: "300" }], serialNumbers });
    assert.equal(status.numCompleted, 1500);
  });
});
