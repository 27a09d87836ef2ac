import assert from "node:assert/strict";
import { brakeMissing, renewalDue, type Seen, tooFewFree } from "../../../examples/policy/rules";

// As they stand in a state that the real engine wrote, shortened by what no rule could look at.
const token = { bindingId: "6eba8048", contentTokenKey: "default", libraryId: "2049025000660173" };
const library: Seen = {
  type: "pulumi-nodejs:dynamic/vpp:VppToken",
  name: "library",
  props: { ...token, expiresAt: "2027-11-23T07:22:44.000Z", status: "valid", platform: "enterprisestore" },
};
const expenses: Seen = {
  type: "pulumi-nodejs:dynamic/vpp:VppApp",
  name: "expenses",
  props: {
    adamId: "1290337145",
    assignedCount: 398,
    availableCount: 2,
    displayName: "Ledgerline Expenses",
    pricingParam: "STDQ",
    productType: "App",
    retiredCount: 0,
    token,
    totalCount: 400,
  },
};
const surveyors: Seen = {
  type: "pulumi-nodejs:dynamic/vpp:VppAssignment",
  name: "surveyors",
  props: {
    apps: [{ adamId: "1517702468", pricingParam: "STDQ" }],
    assignedCount: 20,
    exclusive: true,
    intent: "required",
    maxRevocations: 10,
    reclaim: true,
    serialNumbers: ["G3KX65XJMM"],
    token,
  },
};
const all = [library, expenses, surveyors];
const but = (seen: Seen, props: Record<string, unknown>): Seen => ({ ...seen, props: { ...seen.props, ...props } });
const onDay = (text: string): Date => new Date(`${text}T12:00:00Z`);

describe("the rules of the example policy", () => {
  it("want some licences of an app free, and say how many are lacking", () => {
    const few = "Ledgerline Expenses has 2 of 400 licences free, less than 5 %. Buy or free 18 more.";
    assert.equal(tooFewFree(expenses, 5), few);
    assert.equal(tooFewFree(but(expenses, { availableCount: 19 }), 5)?.includes("free 1 more"), true);
    assert.equal(tooFewFree(but(expenses, { availableCount: 20 }), 5), undefined);
    assert.equal(tooFewFree(expenses, 0), undefined);
    assert.match(tooFewFree(but(expenses, { displayName: undefined }), 5) ?? "", /^1290337145 has 2 of 400/);
  });

  it("leave alone apps without a limit, books, what is not owned any more, and counts that nobody knows yet", () => {
    for (const props of [
      { totalCount: 2_147_483_647, availableCount: 2_147_483_647 },
      { productType: "Book" },
      { totalCount: 0, availableCount: 0 },
      { totalCount: undefined, availableCount: undefined },
    ])
      assert.equal(tooFewFree(but(expenses, props), 5), undefined);
  });

  it("want a brake of its own on an exclusive assignment, zero being one, and on no other", () => {
    assert.equal(brakeMissing(surveyors), undefined);
    assert.equal(brakeMissing(but(surveyors, { maxRevocations: 0 })), undefined);
    assert.match(
      brakeMissing(but(surveyors, { maxRevocations: undefined })) ?? "",
      /^surveyors is exclusive and has no/,
    );
    assert.equal(brakeMissing(but(surveyors, { maxRevocations: undefined, exclusive: false })), undefined);
  });

  it("want a token renewed some days before its end, and at once when it is dead", () => {
    assert.equal(renewalDue(library, 14, onDay("2027-11-08")), undefined);
    assert.match(
      renewalDue(library, 14, onDay("2027-11-10")) ?? "",
      /runs out in 13 days, on 2027-11-23\. Renew it\.$/,
    );
    for (const status of ["expired", "revoked"])
      assert.match(
        renewalDue(but(library, { status }), 14, onDay("2026-11-23")) ?? "",
        new RegExp(`library is ${status}\\.`),
      );
    assert.equal(renewalDue(but(library, { expiresAt: undefined }), 14, onDay("2027-11-10")), undefined);
  });

  it("look at one kind of resource each", () => {
    const found = all.map((seen) => [
      tooFewFree(but(seen, { totalCount: 10, availableCount: 0 }), 5),
      brakeMissing(but(seen, { exclusive: true, maxRevocations: undefined })),
      renewalDue(but(seen, { status: "expired" }), 14, new Date()),
    ]);
    assert.deepEqual(
      found.map((problems) => problems.map((problem) => problem !== undefined)),
      [
        [false, false, true],
        [true, false, false],
        [false, true, false],
      ],
    );
  });
});
