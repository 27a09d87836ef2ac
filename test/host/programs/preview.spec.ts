import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describeInside } from "../../support/insideStack";
import type { CommandResult } from "../../support/stack";
import { bindHq, js } from "../../support/trial";
import { serials, smallLibrary, type World } from "../../support/world";

const keynote = "361285480";

/** A refusal is for people: no stack trace, no list, and nothing was sent that changes anything. */
async function assertRefused({ text }: CommandResult, world: World, ...expected: RegExp[]): Promise<void> {
  for (const pattern of expected) assert.match(text, pattern);
  assert.doesNotMatch(text, /^\s+at .*\.[jt]s:\d+/m);
  assert.doesNotMatch(text, /@contoso\.example/);
  const token = world.simulator.token();
  assert.ok(!text.includes(token) && !text.includes(token.slice(0, 40)));
  assert.deepEqual(
    (await world.requests()).filter(({ method }) => method === "POST"),
    [],
  );
}

describeInside("preview before the first up", (trial) => {
  it("refuses a library that another service holds, and names the ways out", async () => {
    await trial.world.seize();
    trial.stack.program(bindHq);
    const result = await trial.stack.failingPreview();
    await assertRefused(
      result,
      trial.world,
      /Rival Device Management/,
      /takeOverFrom: "rival-mdm-1"/,
      /managedBy: "rival-mdm-1"/,
    );
  });

  it("refuses an app that the library does not own", async () => {
    trial.stack.program(`${bindHq} new vpp.VppApp("lost", { token, adamId: "999" });`);
    await assertRefused(
      await trial.stack.failingPreview(),
      trial.world,
      /app 999 \(STDQ\) is not in the library/,
      /VPP_INPUT_NOT_OWNED/,
    );
  });

  it("refuses an app that the library does not own, named by an assignment alone", async () => {
    trial.stack.program(
      `${bindHq} new vpp.VppAssignment("a", { token, apps: ["999"], serialNumbers: ["F9FW000001"] });`,
    );
    await assertRefused(await trial.stack.failingPreview(), trial.world, /app 999 \(STDQ\) is not in the library/);
  });

  it("refuses more licences than there are over the whole program, whatever the order of registration", async () => {
    const parts = [0, 1, 2, 3].map(
      (part) =>
        `new vpp.VppAssignment("part-${part}", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(11, part * 100))} });`,
    );
    for (const order of [parts, [...parts].reverse(), [parts[2], parts[0], parts[3], parts[1]]]) {
      trial.stack.program(`${bindHq}\n${order.join("\n")}`);
      const result = await trial.stack.failingPreview();
      await assertRefused(
        result,
        trial.world,
        /Keynote: 44 licences needed, 40 free/,
        /part-0 \(11\)/,
        /part-3 \(11\)/,
        /Buy 4 more/,
      );
      assert.doesNotMatch(result.text, /F9FW000005.*F9FW000006.*F9FW000007/s);
    }
  });

  it("refuses more licences than there are, when strangers hold some that nobody gives back", async () => {
    await trial.world.act("assignments", {
      action: "assign",
      assets: [{ adamId: keynote }],
      serialNumbers: serials(30, 5000),
    });
    trial.stack.program(`${bindHq}
      new vpp.VppAssignment("a", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(6))} });
      new vpp.VppAssignment("b", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(6, 100))} });
    `);
    await assertRefused(
      await trial.stack.failingPreview(),
      trial.world,
      /Keynote: 12 licences needed, 10 free/,
      /a \(6\), b \(6\)/,
    );
  });

  it("refuses a pair that is declared twice, and names both resources", async () => {
    trial.stack.program(`${bindHq}
      new vpp.VppAssignment("first", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(300))} });
      new vpp.VppAssignment("second", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(300, 299))} });
    `);
    const result = await trial.stack.failingPreview();
    await assertRefused(result, trial.world, /declared twice: here and in VppAssignment (first|second)/, /F9FW000299/);
    assert.ok(result.text.length < 5000);
  });

  it("refuses a token that is missing, unreadable or expired", async () => {
    trial.stack.program(bindHq);
    const path = trial.world.path("other.vpptoken");
    const previewWith = (env: NodeJS.ProcessEnv) =>
      trial.stack.runWith({ VPP_CONTENT_TOKEN_FILE: "", ...env }, "preview");
    const missing = await previewWith({});
    assert.notEqual(missing.code, 0);
    await assertRefused(missing, trial.world, /there is no content token/, /VPP_CONTENT_TOKEN_FILE/);
    const unreadable = await previewWith({ VPP_CONTENT_TOKEN_FILE: path });
    assert.notEqual(unreadable.code, 0);
    await assertRefused(unreadable, trial.world, /can't be read \(ENOENT\)/);
    writeFileSync(path, "no token: see my mail");
    await assertRefused(await previewWith({ VPP_CONTENT_TOKEN_FILE: path }), trial.world, /it is not Base64 text/);
    const old = Buffer.from(
      JSON.stringify({ token: "made-up", expDate: "2025-11-08T22:33:22+0000", orgName: "Contoso" }),
    );
    writeFileSync(path, old.toString("base64"));
    await assertRefused(
      await previewWith({ VPP_CONTENT_TOKEN_FILE: path }),
      trial.world,
      /expired on 2025-11-08/,
      /VPP_AUTH_TOKEN_EXPIRED/,
    );
    await trial.world.act("tokens", { action: "revoke" });
    await assertRefused(await trial.stack.failingPreview(), trial.world, /has been revoked/, /VPP_AUTH_TOKEN_REVOKED/);
  });

  it("refuses bad input with every fault at once, by its place", async () => {
    trial.stack.program(`${bindHq}
      new vpp.VppAssignment("bad", { token, apps: ["${keynote}", "x"], serialNumbers: ["C0", "F9FW000001", " f9fw000001"], maxRevocations: -1 });
    `);
    await assertRefused(
      await trial.stack.failingPreview(),
      trial.world,
      /serialNumbers\[0\] must be 8 to 14 letters or digits, got "C0"/,
      /serialNumbers\[2\] repeats serialNumbers\[1\]/,
      /apps\[1\]\.adamId must be/,
      /maxRevocations must be a whole number, 0 or more, got -1/,
    );
  });

  it("refuses a book for devices, to be uninstalled, or exclusive", async () => {
    const book = "1000000001";
    trial.stack.program(
      `${bindHq} new vpp.VppAssignment("a", { token, apps: ["${book}"], serialNumbers: ["F9FW000001"] });`,
    );
    await assertRefused(await trial.stack.failingPreview(), trial.world, /can't be given to devices/);
    trial.stack.program(
      `${bindHq} new vpp.VppAssignment("a", { token, apps: ["${book}"], clientUserIds: ["ada"], intent: "uninstall" });`,
    );
    await assertRefused(await trial.stack.failingPreview(), trial.world, /can't be uninstalled/);
    trial.stack.program(
      `${bindHq} new vpp.VppAssignment("a", { token, apps: ["${book}"], clientUserIds: ["ada"], exclusive: true });`,
    );
    await assertRefused(await trial.stack.failingPreview(), trial.world, /can't be exclusive/);
  });

  it("refuses user ids that a set registers but that do not come from it", async () => {
    const set =
      'const people = new vpp.VppUserSet("people", { token, users: [{ clientUserId: "ada", email: "ada@contoso.example" }] });';
    trial.stack.program(
      `${bindHq} ${set} new vpp.VppAssignment("a", { token, apps: ["${keynote}"], clientUserIds: ["ada"] });`,
    );
    await assertRefused(
      await trial.stack.failingPreview(),
      trial.world,
      /registered by VppUserSet people, but not taken from it/,
    );
    trial.stack.program(
      `${bindHq} ${set} new vpp.VppAssignment("a", { token, apps: ["${keynote}"], clientUserIds: ["ada"] }, { dependsOn: people });`,
    );
    await trial.stack.preview();
  });

  it("refuses one library bound twice", async () => {
    trial.stack.program(`${bindHq} new vpp.VppToken("again", { contentTokenKey: "second" });`);
    const result = await trial.stack.runWith({ VPP_CONTENT_TOKEN_SECOND_FILE: trial.world.tokenFile }, "preview");
    assert.notEqual(result.code, 0);
    await assertRefused(result, trial.world, /is already bound by VppToken (hq|again)/);
  });
});

describeInside(
  "preview over a library whose licences another resource gives back",
  (trial) => {
    it("passes, whatever the order, when licences move from one resource's devices to another's", async () => {
      const program = (a: string[], b: string[]) => `${bindHq}
        new vpp.VppAssignment("a", { token, apps: ["${keynote}"], serialNumbers: ${js(a)} });
        new vpp.VppAssignment("b", { token, apps: ["${keynote}"], serialNumbers: ${js(b)} });
      `;
      trial.stack.program(program(serials(6), serials(4, 100)));
      await trial.stack.up();
      trial.stack.program(program(serials(4), serials(6, 100)));
      for (let run = 0; run < 12; run++) await trial.stack.preview();
    });
  },
  { libraries: [smallLibrary({ assets: [{ adamId: keynote, name: "Keynote", totalCount: 10 }] })] },
);
