import assert from "node:assert/strict";
import { bindHq, describeTrials, js } from "../support/trial";
import { rival, serials } from "../support/world";

const keynote = "361285480";
const kiosk = (list: readonly string[], rest = "") =>
  `${bindHq} new vpp.VppApp("keynote", { token, adamId: "${keynote}" });
   new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(list)}, ${rest} });`;
const behind = (action: "assign" | "unassign", list: readonly string[]) => ({
  action,
  assets: [{ adamId: keynote }],
  serialNumbers: list,
});

describeTrials("drift", (trial) => {
  it("shows a licence taken away, in refresh and then in preview, and up repairs it", async () => {
    trial.stack.program(kiosk(serials(4)));
    await trial.stack.up("--skip-preview");
    await trial.world.act("assignments", behind("unassign", serials(1)));
    const drift = await trial.stack.run("refresh", "--preview-only", "--expect-no-changes");
    assert.notEqual(drift.code, 0);
    assert.match(drift.text, /VppAssignment kiosk: 1 missing: Keynote on F9FW000000\./);
    await trial.stack.refresh();
    const seen = trial.stack.outputs("kiosk");
    assert.deepEqual(seen.missing, [{ adamId: keynote, pricingParam: "STDQ", serialNumber: serials(1)[0] }]);
    const preview = await trial.stack.run("preview", "--expect-no-changes");
    assert.notEqual(preview.code, 0);
    assert.match(preview.text, /VppAssignment kiosk: 1 missing: (Keynote|app 361285480) on F9FW000000\./);
    assert.match((await trial.stack.up()).text, /VppAssignment kiosk: 1 missing: /);
    assert.deepEqual(await trial.world.holders(keynote), serials(4));
    assert.doesNotMatch((await trial.stack.preview("--expect-no-changes")).text, /missing/);
  });

  it("shows a licence added behind our back where the assignment is exclusive, and up takes it back", async () => {
    trial.stack.program(kiosk(serials(4), "exclusive: true"));
    await trial.stack.up("--skip-preview");
    await trial.world.act("assignments", behind("assign", serials(2, 50)));
    assert.notEqual((await trial.stack.run("refresh", "--preview-only", "--expect-no-changes")).code, 0);
    await trial.stack.refresh();
    assert.equal(trial.stack.outputs("kiosk").surplusCount, 2);
    await trial.stack.up();
    assert.deepEqual(await trial.world.holders(keynote), serials(4));
    await trial.stack.preview("--expect-no-changes");
  });

  it("leaves strangers' licences alone where the assignment is not exclusive", async () => {
    trial.stack.program(kiosk(serials(4)));
    await trial.stack.up("--skip-preview");
    await trial.world.act("assignments", behind("assign", serials(2, 50)));
    await trial.stack.expect(0, "refresh", "--preview-only", "--expect-no-changes");
    await trial.stack.refresh();
    await trial.stack.preview("--expect-no-changes");
    assert.equal((await trial.world.holders(keynote)).length, 6);
  });

  it("refuses in preview to take back more surplus than the brake allows, and refresh still shows it", async () => {
    trial.stack.program(kiosk(serials(2), "exclusive: true, maxRevocations: 3"));
    await trial.stack.up("--skip-preview");
    await trial.world.act("assignments", behind("assign", serials(5, 50)));
    await trial.stack.refresh();
    assert.equal(trial.stack.outputs("kiosk").surplusTargetCount, 5);
    const refused = await trial.stack.failingPreview();
    assert.match(refused.text, /would take licences from 5 targets/);
    assert.doesNotMatch(refused.text, /^\s+at .*\.[jt]s:\d+/m);
    assert.equal((await trial.world.holders(keynote)).length, 7);
  });

  it("is not shown for counts and dates that move by themselves", async () => {
    trial.stack.program(kiosk(serials(4)));
    await trial.stack.up("--skip-preview");
    await trial.world.act("assets", { action: "buy", adamId: keynote, count: 100 });
    await trial.world.act("assignments", { ...behind("assign", serials(3, 70)) });
    await trial.stack.expect(0, "refresh", "--preview-only", "--expect-no-changes");
    await trial.stack.refresh();
    const [seen, truth] = [trial.stack.outputs("keynote"), await trial.world.asset(keynote)];
    assert.deepEqual([seen.totalCount, seen.assignedCount, seen.availableCount], [140, 7, 133]);
    assert.deepEqual([truth.totalCount, truth.assignedCount, truth.availableCount], [140, 7, 133]);
    await trial.stack.preview("--expect-no-changes");
  });

  it("drops an app from the state that the library no longer owns", async () => {
    trial.stack.program(`${bindHq} new vpp.VppApp("scan", { token, adamId: "409183694" });`);
    await trial.stack.up("--skip-preview");
    await trial.world.act("assets", { action: "remove", adamId: "409183694" });
    await trial.stack.refresh();
    assert.throws(() => trial.stack.resource("scan"), /no resource scan/);
    assert.match((await trial.stack.failingPreview()).text, /app 409183694 \(STDQ\) is not in the library/);
  });

  it("warns, from known counts, when fewer licences are free than wanted", async () => {
    trial.stack.program(`${bindHq} new vpp.VppApp("keynote", { token, adamId: "${keynote}", minimumAvailable: 41 });`);
    assert.match(
      (await trial.stack.up("--skip-preview")).text,
      /VppApp keynote: 40 licences are free, fewer than minimumAvailable 41/,
    );
    await trial.world.forget();
    assert.match((await trial.stack.preview("--expect-no-changes")).text, /fewer than minimumAvailable 41/);
    assert.deepEqual(await trial.world.requests(), []);
  });
});

describeTrials("another service's mark", (trial) => {
  it("stops every write, shows in refresh, is refused in preview, and is taken over once", async () => {
    trial.stack.program(kiosk(serials(2)));
    await trial.stack.up("--skip-preview");
    await trial.world.seize();
    trial.stack.program(kiosk(serials(3)));
    await trial.world.forget();
    const stopped = await trial.stack.failingUp("--skip-preview");
    assert.match(
      stopped.text,
      /VppAssignment kiosk: not updated: the library is held by another service, “Rival Device Management”/,
    );
    assert.deepEqual(
      (await trial.world.requests()).filter(({ method }) => method === "POST"),
      [],
    );
    assert.deepEqual(await trial.world.holders(keynote), serials(2));

    await trial.stack.refresh();
    assert.equal(trial.stack.outputs("hq").status, "heldByAnother");
    assert.match((await trial.stack.failingPreview()).text, /held by another service/);

    const takeOver = (text: string) =>
      text.replace('{ displayName: "Head office" }', `{ displayName: "Head office", takeOverFrom: "${rival.id}" }`);
    trial.stack.program(takeOver(kiosk(serials(3))));
    await trial.stack.up();
    assert.deepEqual(await trial.world.holders(keynote), serials(3));
    assert.match((await trial.world.truth()).mdmInfo?.name ?? "", /^pulumi-vpp /);
    await trial.stack.preview("--expect-no-changes");

    await trial.world.seize();
    await trial.stack.refresh();
    assert.match((await trial.stack.failingPreview()).text, /again after it was taken over once/);
    trial.stack.program(kiosk(serials(3)));
    await trial.world.forget();
    const letBe = await trial.stack.up("--skip-preview");
    assert.match(letBe.text, /held by another service.*nothing is written. takeOverFrom may now be set anew/);
    assert.deepEqual(
      (await trial.world.requests()).filter(({ method }) => method === "POST"),
      [],
    );
    assert.match((await trial.stack.failingPreview()).text, /held by another service/);
    trial.stack.program(takeOver(kiosk(serials(3))));
    await trial.stack.up();
    assert.match((await trial.world.truth()).mdmInfo?.name ?? "", /^pulumi-vpp /);
  });

  it("is respected under managedBy: none written, none released, licences given, stopped when a third shows up", async () => {
    await trial.world.seize();
    const managed = kiosk(serials(2)).replace('{ displayName: "Head office" }', `{ managedBy: "${rival.id}" }`);
    trial.stack.program(managed);
    await trial.stack.up();
    assert.deepEqual(await trial.world.holders(keynote), serials(2));
    await trial.stack.refresh();
    await trial.stack.preview("--expect-no-changes");
    await trial.world.act("holder", { mdmInfo: { id: "third", name: "Third", metadata: "x" } });
    trial.stack.program(managed.replace(js(serials(2)), js(serials(3))));
    assert.match((await trial.stack.failingUp("--skip-preview")).text, /held by another service, “Third”/);
    assert.deepEqual(await trial.world.holders(keynote), serials(2));
    await trial.world.seize();
    await trial.stack.destroy();
    assert.deepEqual(await trial.world.holders(keynote), []);
    assert.deepEqual((await trial.world.truth()).mdmInfo, rival);
    assert.deepEqual(
      (await trial.world.requests("/client/config")).filter(({ method }) => method === "POST"),
      [],
    );
  });

  it("that vanishes is drift, and up writes ours again", async () => {
    trial.stack.program(bindHq);
    await trial.stack.up("--skip-preview");
    await trial.world.act("holder", { mdmInfo: null });
    assert.notEqual((await trial.stack.run("refresh", "--preview-only", "--expect-no-changes")).code, 0);
    await trial.stack.refresh();
    await trial.stack.up();
    assert.match((await trial.world.truth()).mdmInfo?.name ?? "", /^pulumi-vpp /);
  });
});

describeTrials("reclaim: false", (trial) => {
  it("takes nothing back, neither on shrinking nor on deleting, from devices or people", async () => {
    const program = (list: readonly string[], users: readonly string[]) => `${bindHq}
      const people = new vpp.VppUserSet("people", { token, reclaim: false, users: ${js(users.map((clientUserId) => ({ clientUserId })))} });
      new vpp.VppAssignment("kiosk", { token, reclaim: false, apps: ["${keynote}"], serialNumbers: ${js(list)}, clientUserIds: people.clientUserIds });`;
    trial.stack.program(program(serials(4), ["ada", "bob"]));
    await trial.stack.up("--skip-preview");
    trial.stack.program(program(serials(2), ["ada"]));
    await trial.stack.up();
    assert.deepEqual(await trial.world.holders(keynote), [...serials(4), "ada", "bob"]);
    await trial.stack.destroy();
    assert.deepEqual(await trial.world.holders(keynote), [...serials(4), "ada", "bob"]);
    assert.ok((await trial.world.truth()).users.every(({ status }) => status === "Registered"));
  });
});
