import assert from "node:assert/strict";
import { describeInside } from "../../support/insideStack";
import { bindHq, js } from "../../support/trial";
import { serials, smallLibrary } from "../../support/world";

const keynote = "361285480";
const full = { libraries: [smallLibrary({ assets: [{ adamId: keynote, name: "Keynote", totalCount: 5 }] })] };

const devices = (list: readonly string[], rest = "") =>
  `${bindHq} new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(list)}, ${rest} });`;

describeInside(
  "editing an assignment of a full library",
  (trial) => {
    it("swaps one serial for another, taking back before giving", async () => {
      trial.stack.program(devices(serials(5)));
      await trial.stack.up();
      const swapped = [...serials(4), "F9FWNEW00001"];
      trial.stack.program(devices(swapped));
      const preview = await trial.stack.preview();
      assert.match(preview.text, /1 device added, 1 device removed. 1 licence to assign, 1 to revoke \(F9FW\d+\)/);
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), swapped.sort());
      await trial.stack.preview("--expect-no-changes");
    });

    it("frees licences for uninstall, keeps them free, and uses them again when required", async () => {
      trial.stack.program(devices(serials(5)));
      await trial.stack.up();
      trial.stack.program(devices(serials(5), 'intent: "uninstall"'));
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), []);
      assert.equal((await trial.world.asset(keynote)).availableCount, 5);
      await trial.stack.preview("--expect-no-changes");

      await trial.world.act("assignments", {
        action: "assign",
        assets: [{ adamId: keynote }],
        serialNumbers: serials(1),
      });
      const drift = await trial.stack.run("refresh", "--preview-only", "--expect-no-changes");
      assert.notEqual(drift.code, 0);
      await trial.stack.refresh();
      assert.equal(trial.stack.outputs("kiosk").surplusCount, 1);
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), []);

      trial.stack.program(devices(serials(5)));
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), serials(5));
      await trial.stack.destroy();
      assert.deepEqual(await trial.world.holders(keynote), []);
    });

    it("writes serials in upper case, keeps the old order and fills holes", async () => {
      trial.stack.program(devices(serials(4)));
      await trial.stack.up();
      trial.stack.program(devices([" f9fwnew00001 ", ...serials(4).slice(1).reverse()]));
      await trial.stack.up();
      assert.deepEqual(trial.stack.outputs("kiosk").serialNumbers, ["F9FWNEW00001", ...serials(4).slice(1)]);
      trial.stack.program(devices([...serials(4).slice(1), "F9FWNEW00001"]));
      await trial.stack.preview("--expect-no-changes");
    });

    it("refuses in preview, with numbers, to take licences from more targets than allowed", async () => {
      trial.stack.program(devices(serials(5), "maxRevocations: 2"));
      await trial.stack.up();
      trial.stack.program(devices(serials(2), "maxRevocations: 2"));
      const refused = await trial.stack.failingPreview();
      assert.match(
        refused.text,
        /would take licences from 3 targets of 5, more than maxRevocations allows \(2\); nothing was changed/,
      );
      assert.match(refused.text, /set maxRevocations: 3/);
      assert.deepEqual(await trial.world.holders(keynote), serials(5));
      trial.stack.program(devices(serials(2), "maxRevocations: 3"));
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), serials(2));
    });
  },
  full,
);

describeInside("an assignment that becomes unassigned in bulk", (trial) => {
  it("is stopped by the default brake: the larger of 25 and a tenth", async () => {
    trial.stack.program(devices(serials(40)));
    await trial.stack.up();
    trial.stack.program(devices(serials(14)));
    const refused = await trial.stack.failingPreview();
    assert.match(refused.text, /from 26 targets of 40, more than maxRevocations allows \(25\)/);
    trial.stack.program(devices(serials(15)));
    assert.match(
      (await trial.stack.failingPreview()).text,
      /from 25 targets of 40, more than half of a list of 40, which only maxRevocations allows/,
    );
    trial.stack.program(devices(serials(15), "maxRevocations: 25"));
    await trial.stack.up();
    assert.equal((await trial.world.holders(keynote)).length, 15);
  });
});

describeInside("people", (trial) => {
  const people = (ids: readonly string[], licensed: readonly string[], rest = "") => `${bindHq}
    const people = new vpp.VppUserSet("people", { token, users: ${js(ids.map((id) => ({ clientUserId: id, email: `${id}@contoso.example` })))}, ${rest} });
    new vpp.VppAssignment("apps", { token, apps: ["${keynote}"], clientUserIds: people.clientUserIds.apply((ids) => ids.filter((id) => ${js(licensed)}.includes(id))) });
  `;

  it("keep their records when they were there before us, and lose them when we registered them", async () => {
    await trial.world.act("users", {
      action: "create",
      users: [{ clientUserId: "old", email: "old@contoso.example" }],
    });
    trial.stack.program(people(["old", "ada"], ["ada"]));
    const up = await trial.stack.up();
    assert.match(up.text, /VppUserSet people: 1 of its users was registered before/);
    await trial.stack.destroy();
    const { users } = await trial.world.truth();
    assert.deepEqual(users.map(({ clientUserId, status }) => `${clientUserId} ${status}`).sort(), [
      "ada Retired",
      "old Registered",
    ]);
  });

  it("are not dropped from their set while a declared licence needs them", async () => {
    trial.stack.program(people(["ada", "bob"], ["ada", "bob"]));
    await trial.stack.up();
    trial.stack.program(`${bindHq}
      const people = new vpp.VppUserSet("people", { token, users: [{ clientUserId: "ada", email: "ada@contoso.example" }] });
      new vpp.VppAssignment("apps", { token, apps: ["${keynote}"], clientUserIds: ["ada", "bob"] }, { dependsOn: people });
    `);
    const refused = await trial.stack.failingPreview();
    assert.match(refused.text, /1 user that it drops still has licences in VppAssignment apps: bob /);
    assert.doesNotMatch(refused.text, /@/);
  });

  it("are retired when they leave, up to the brake", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `p${index}`);
    trial.stack.program(people(ids, []));
    await trial.stack.up();
    trial.stack.program(people(ids.slice(11), []));
    assert.match(
      (await trial.stack.failingPreview()).text,
      /would retire 11 users of 12, more than maxRetirements allows \(10\)/,
    );
    trial.stack.program(people(ids.slice(10), []));
    assert.match(
      (await trial.stack.failingPreview()).text,
      /would retire 10 users of 12, more than half of a list of 12/,
    );
    trial.stack.program(people(ids.slice(10), [], "maxRetirements: 10"));
    await trial.stack.up();
    const active = (await trial.world.truth()).users.filter(({ status }) => status === "Registered");
    assert.deepEqual(active.map(({ clientUserId }) => clientUserId).sort(), ["p10", "p11"]);
  });

  it("show as drift when somebody retires them, and are registered anew", async () => {
    trial.stack.program(people(["ada"], ["ada"]));
    await trial.stack.up();
    await trial.world.act("users", { action: "retire", users: [{ clientUserId: "ada" }] });
    assert.notEqual((await trial.stack.run("refresh", "--preview-only", "--expect-no-changes")).code, 0);
    await trial.stack.refresh();
    assert.equal(trial.stack.outputs("people").missingCount, 1);
    await trial.stack.up();
    assert.deepEqual(await trial.world.holders(keynote), ["ada"]);
    await trial.stack.destroy();
    assert.ok((await trial.world.truth()).users.every(({ status }) => status === "Retired"));
  });

  it("get their addresses updated in place", async () => {
    trial.stack.program(people(["ada"], []));
    await trial.stack.up();
    trial.stack.program(people(["ada"], []).replace("ada@contoso.example", "ada.l@contoso.example"));
    await trial.stack.up();
    assert.deepEqual(
      (await trial.world.truth()).users.map(({ email }) => email),
      ["ada.l@contoso.example"],
    );
    await trial.stack.preview("--expect-no-changes");
  });
});
