import assert from "node:assert/strict";
import { declaredBy, undeclaredIn } from "../../../inventory/declared";
import type { StoredResource } from "../../../inventory/deployment";
import type { Inventory } from "../../../inventory/types";
import { encrypted, secretInClear, stored } from "../../support/command";

const token = { libraryId: "L1", contentTokenKey: "default", bindingId: "ours" };
const apps = [{ adamId: "1", pricingParam: "STDQ" }];
const state = (...resources: object[]) => declaredBy(resources as StoredResource[]).get("L1")!;
const hq = stored("VppToken", "hq", { ...token, managedBy: "intune" });

function inventory(
  devices: Record<string, string[]>,
  users: Record<string, string[]> = {},
  people?: string[],
): Inventory {
  const sets = (held: Record<string, string[]>) =>
    new Map(Object.entries(held).map(([app, targets]) => [app, new Set(targets)]));
  return {
    licences: { devices: sets(devices), users: sets(users) },
    ...(people && { users: people.map((clientUserId) => ({ clientUserId, status: "Associated" })) }),
  } as unknown as Inventory;
}

describe("inventory › declared", () => {
  it("knows tokens, people and licences by library, and leaves other providers alone", () => {
    const all = [
      hq,
      stored("VppAssignment", "kiosk", { token, apps, serialNumbers: ["A", "B"], intent: "required" }),
      stored("VppAssignment", "away", { token, apps, serialNumbers: ["C"], intent: "uninstall" }),
      stored("VppUserSet", "sales", { token, users: secretInClear([{ clientUserId: "ada" }]) }),
      stored("VppAssignment", "other", { token: { ...token, libraryId: "L2" }, apps, serialNumbers: ["Z"] }),
      { urn: "urn:pulumi:dev::trial::aws:s3/bucket:Bucket::b", type: "aws:s3/bucket:Bucket", outputs: { token } },
    ] as StoredResource[];
    const byLibrary = declaredBy(all);
    assert.deepEqual([...byLibrary.keys()], ["L1", "L2"]);
    const declared = byLibrary.get("L1")!;
    assert.deepEqual(
      declared.tokens.map(({ name, contentTokenKey, bindingId, managedBy }) => [
        name,
        contentTokenKey,
        bindingId,
        managedBy,
      ]),
      [["hq", "default", "ours", "intune"]],
    );
    assert.deepEqual([...declared.users], ["ada"]);
    assert.deepEqual([...declared.targets("device")], ["A", "B"]);
    const requires = declared.requires("device");
    assert.deepEqual([requires("1/STDQ", "A"), requires("1/STDQ", "C"), requires("2/STDQ", "A")], [true, false, false]);
  });

  it("knows how a library is opened from any resource that names it, where the token is another stack's", () => {
    const { tokens, refs } = state(stored("VppAssignment", "kiosk", { token, apps, serialNumbers: ["A"] }));
    assert.deepEqual(tokens, []);
    assert.deepEqual(
      refs.map(({ contentTokenKey, bindingId }) => [contentTokenKey, bindingId]),
      [["default", "ours"]],
    );
  });

  it("names user sets and assignments that are encrypted, wholly or in part", () => {
    const declared = state(
      hq,
      stored("VppUserSet", "sales", { token, users: encrypted }),
      stored("VppAssignment", "whole", { token, apps, serialNumbers: encrypted }),
      stored("VppAssignment", "partly", { token, apps, clientUserIds: ["ada", encrypted] }),
      stored("VppAssignment", "app", {
        token,
        apps: [{ adamId: encrypted, pricingParam: "STDQ" }],
        serialNumbers: ["A"],
      }),
      stored("VppAssignment", "homeless", { token: encrypted, apps, serialNumbers: ["A"] }),
    );
    assert.deepEqual(declared.unreadableSets, ["sales"]);
    assert.deepEqual(declared.unreadableAssignments, ["whole", "partly", "app", "homeless"]);
  });
});

describe("inventory › undeclared", () => {
  const kiosk = stored("VppAssignment", "kiosk", { token, apps, serialNumbers: ["A", "B"], clientUserIds: ["ada"] });
  const set = stored("VppUserSet", "sales", { token, users: [{ clientUserId: "cyd" }] });

  it("is every licence, device and person that no resource gives or names", () => {
    const held = inventory({ "1/STDQ": ["A", "X"], "2/STDQ": ["A", "Y"] }, { "1/STDQ": ["ada", "bob"] }, [
      "ada",
      "bob",
      "cyd",
    ]);
    const { devices, users, serialNumbers, clientUserIds, count } = undeclaredIn(held, state(hq, kiosk, set));
    assert.deepEqual(
      [...devices],
      [
        ["1/STDQ", ["X"]],
        ["2/STDQ", ["A", "Y"]],
      ],
    );
    assert.deepEqual([...users], [["1/STDQ", ["bob"]]]);
    assert.deepEqual([serialNumbers, clientUserIds, count], [["X", "Y"], ["bob"], 4]);
  });

  it("is everything in a library of which the states say nothing", () => {
    const { serialNumbers, clientUserIds, count } = undeclaredIn(inventory({ "1/STDQ": ["A"] }, {}, ["ada"]));
    assert.deepEqual([serialNumbers, clientUserIds, count], [["A"], ["ada"], 1]);
  });

  it("says nothing of people when those of a set are encrypted, or the library's were not read", () => {
    const sealed = stored("VppUserSet", "sealed", { token, users: encrypted });
    assert.equal(undeclaredIn(inventory({}, {}, ["ada"]), state(hq, set, sealed)).clientUserIds, undefined);
    assert.equal(undeclaredIn(inventory({}), state(hq, set)).clientUserIds, undefined);
  });

  it("claims nothing when an assignment is encrypted: what it declares would look like nobody's", () => {
    const sealed = stored("VppAssignment", "sealed", { token, apps, serialNumbers: encrypted });
    const found = undeclaredIn(inventory({ "1/STDQ": ["A", "X"] }), state(hq, kiosk, sealed));
    assert.deepEqual([found.unreadable, found.count, found.serialNumbers], [["sealed"], 0, []]);
  });
});
