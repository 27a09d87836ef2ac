import assert from "node:assert/strict";
import type { WireUser } from "../../../../../provider/apple/api/wire";
import {
  hashOf,
  isSameRecord,
  retiredHash,
  unseen,
  withoutAccount,
} from "../../../../../provider/apple/resources/userSet/recordHash";

const invited = (inviteCode: string): WireUser => ({ clientUserId: "ada", status: "Registered", inviteCode });
const linked = (idHash: string): WireUser => ({ clientUserId: "ada", status: "Associated", idHash });
const retired = (more: Partial<WireUser> = {}): WireUser => ({ clientUserId: "ada", status: "Retired", ...more });

describe("what tells one record of a person from a later one", () => {
  it("is the code of the invitation while that waits, and the account once it is linked", () => {
    const kept = hashOf(invited("c1"));
    assert.equal(isSameRecord(kept, invited("c1")), true);
    assert.equal(isSameRecord(kept, invited("c2")), false);
    assert.equal(isSameRecord(kept, linked("a1")), true);
    const accepted = hashOf(linked("a1"), kept);
    assert.equal(isSameRecord(accepted, linked("a1")), true);
    assert.equal(isSameRecord(accepted, linked("a2")), false);
    assert.equal(isSameRecord(accepted, invited("c2")), false);
    assert.equal(isSameRecord(hashOf(linked("a1")), invited("c2")), false);
  });

  it("is the code before the account, where a record shows both", () => {
    const kept = hashOf({ ...linked("a1"), inviteCode: "c1" });
    assert.equal(isSameRecord(kept, { ...linked("a2"), inviteCode: "c1" }), true);
    assert.equal(isSameRecord(kept, { ...linked("a1"), inviteCode: "c2" }), false);
  });

  it("is nothing while nothing was seen: the next record counts as the one", () => {
    for (const record of [invited("c1"), linked("a1"), { clientUserId: "ada", status: "Suspended" }])
      assert.equal(isSameRecord(unseen, record), true);
  });

  it("lasts through a status that calls the record retired, and shows the same one when it comes back", () => {
    const kept = retiredHash(hashOf(invited("c1")), [retired()]);
    assert.equal(isSameRecord(kept, invited("c1")), true);
    assert.equal(hashOf(invited("c1"), kept), hashOf(invited("c1")));
    assert.equal(isSameRecord(kept, invited("c2")), false);
    // Who comes with an account, after the record was seen retired, may be anybody.
    assert.equal(isSameRecord(kept, linked("a1")), false);
    assert.equal(retiredHash(kept, [retired()]), kept);
  });

  it("is learned from the retired record where there is one only", () => {
    const kept = hashOf(invited("c1"));
    assert.equal(isSameRecord(retiredHash(kept, [retired({ idHash: "a1" })]), linked("a1")), true);
    assert.equal(
      isSameRecord(retiredHash(kept, [retired({ idHash: "a0" }), retired({ idHash: "a1" })]), linked("a0")),
      false,
    );
    assert.equal(retiredHash(unseen, [retired({ idHash: "a1" })]), unseen);
  });

  it("forgets the account that this resource itself is about to replace", () => {
    const kept = withoutAccount(hashOf({ ...linked("a1"), inviteCode: "c1" }));
    assert.equal(isSameRecord(kept, linked("a2")), true);
    assert.equal(isSameRecord(kept, invited("c2")), false);
  });

  it("takes few characters, and none of the code or the account", () => {
    const text = hashOf({ ...linked("account-of-ada"), inviteCode: "code-of-ada" });
    assert.match(text, /^[\w-]{8}\/[\w-]{8}$/);
    assert.doesNotMatch(text, /ada/);
  });
});
