import assert from "node:assert/strict";
import type { Data } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { rival, smallLibrary, World } from "../support/world";

const branch = "9999000011112222";
const day = 24 * 60 * 60 * 1000;

describe("VppToken", () => {
  let world: World;
  let stack: HostStack;

  const open = async (changes: Parameters<typeof smallLibrary>[0] = {}): Promise<void> => {
    world = await World.start([smallLibrary(changes), smallLibrary({ libraryId: branch, locationName: "Branch" })]);
    stack = new HostStack({ env: world.env });
  };
  const token = (props: Data = {}): void => stack.declare({ hq: ["VppToken", props] });
  /** Applies what is declared and gives the reason for which it was refused. */
  const refusal = async (props: Data, env?: NodeJS.ProcessEnv): Promise<string> => {
    token(props);
    const { hq } = await stack.up(env && { env });
    return hq?.failures.map(({ reason }) => reason).join("\n") ?? "";
  };
  /** A new token's file, for the first library unless named. */
  const issue = async (name: string, library?: string, expiresAt?: Date): Promise<NodeJS.ProcessEnv> => {
    const file = world.path(`${name}.vpptoken`);
    await world.act("tokens", {
      action: "issue",
      name,
      file,
      ...(library && { library }),
      ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    });
    return { VPP_CONTENT_TOKEN_FILE: file };
  };
  const mark = async (): Promise<string | undefined> => (await world.truth()).mdmInfo?.id;

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  describe("expiry", () => {
    it("is a note with the date in the last 30 days, and a status", async () => {
      await open();
      token();
      await stack.up({ env: await issue("short", undefined, new Date(Date.now() + 20 * day)) });
      assert.equal(stack.outputs("hq").status, "expiring");
      assert.match(
        stack.notes.join("\n"),
        /^VppToken hq: the content token expires on \d{4}-\d\d-\d\d, in 20 days: put a new one in its place before then\.$/m,
      );
    });

    it("refuses a token that has run out, without asking the service", async () => {
      await open();
      const env = await issue("old", undefined, new Date(Date.now() - day));
      await world.forget();
      assert.match(
        await refusal({}, env),
        /^the content token expired on .*\(VPP_AUTH_TOKEN_EXPIRED\)\. Download a new content token/,
      );
      assert.deepEqual(await world.requests(), []);
    });
  });

  describe("another service's mark", () => {
    it("refuses the library with both ways out, when it is there from the start", async () => {
      await open({ mdmInfo: rival });
      const reason = await refusal({});
      assert.match(reason, /held by another service, “Rival Device Management” \(id rival-mdm-1\)/);
      assert.match(reason, /managedBy: "rival-mdm-1".*takeOverFrom: "rival-mdm-1"/s);
      assert.equal(await mark(), rival.id);
    });

    it("is taken over, when takeOverFrom names it, and not when it names another", async () => {
      await open({ mdmInfo: rival });
      assert.match(await refusal({ takeOverFrom: "somebody-else" }), /held by another service/);
      assert.equal(await refusal({ takeOverFrom: rival.id }), "");
      assert.equal(await mark(), stack.outputs("hq").bindingId);
      assert.equal((await stack.up()).hq?.op, "same");
    });

    it("is not written over, when it came up while the library was being bound", async () => {
      await open();
      token();
      const hook = { on: "request", match: { path: "assets" }, do: [{ path: "holder", body: { mdmInfo: rival } }] };
      await world.act("hooks", hook);
      await assert.rejects(stack.up(), /held by another service, “Rival Device Management”/);
      assert.equal(await mark(), rival.id);
    });

    it("is refused when it comes back, until takeOverFrom has been removed once and set anew", async () => {
      await open({ mdmInfo: rival });
      token({ takeOverFrom: rival.id });
      await stack.up();
      await world.seize();
      await stack.begin();
      assert.equal(await stack.refresh("hq"), true);
      assert.equal(stack.outputs("hq").status, "heldByAnother");
      assert.match(
        await refusal({ takeOverFrom: rival.id }),
        /again after it was taken over once.*remove takeOverFrom in one run/s,
      );
      assert.equal(await mark(), rival.id);
    });

    it("is refused when it comes back, though a lost state has forgotten that takeOverFrom was used", async () => {
      await open({ mdmInfo: rival });
      token({ takeOverFrom: rival.id });
      await stack.up();
      const { bindingId } = stack.outputs("hq");
      await stack.end();
      stack = new HostStack({ env: world.env });
      assert.match(await refusal({ takeOverFrom: rival.id }), /bound already by a stack that has or had this name/);
      assert.equal(await refusal({ takeOverFrom: bindingId }), "");
      assert.equal((await stack.up()).hq?.op, "same");
      await world.seize();
      await stack.begin();
      await stack.refresh("hq");
      assert.match(await refusal({ takeOverFrom: bindingId }), /held by another service/);
      assert.equal(await mark(), rival.id);
    });

    it("is taken over again, when takeOverFrom was removed while the library was ours and is set anew", async () => {
      await open({ mdmInfo: rival });
      token({ takeOverFrom: rival.id });
      await stack.up();
      assert.equal(await refusal({}), "");
      await world.seize();
      await stack.begin();
      await stack.refresh("hq");
      assert.equal(await refusal({ takeOverFrom: rival.id }), "");
      assert.equal(await mark(), stack.outputs("hq").bindingId);
    });

    // Waits for a decision: the run that removes takeOverFrom is refused while the other service holds the library, so it can't be recorded.
    it("is taken over again, when takeOverFrom was removed in one run and is set anew, while the other service holds it", async () => {
      await open({ mdmInfo: rival });
      token({ takeOverFrom: rival.id });
      await stack.up();
      await world.seize();
      await stack.begin();
      await stack.refresh("hq");
      assert.equal(await refusal({}), "");
      assert.equal(await mark(), rival.id);
      assert.equal(stack.outputs("hq").status, "heldByAnother");
      await stack.begin();
      assert.match(await refusal({}), /held by another service/);
      await stack.begin();
      assert.equal(await refusal({ takeOverFrom: rival.id }), "");
      assert.equal(await mark(), stack.outputs("hq").bindingId);
    });

    it("is left where it is and is nothing to release, when managedBy names it", async () => {
      await open({ mdmInfo: rival });
      token({ managedBy: rival.id });
      const { hq } = await stack.up();
      assert.equal(hq?.op, "create");
      assert.deepEqual(stack.outputs("hq").holder, { id: rival.id, name: rival.name });
      assert.equal((await stack.up()).hq?.op, "same");
      stack.declare({});
      await stack.begin();
      await stack.remove("hq");
      assert.deepEqual((await world.truth()).mdmInfo, rival);
    });

    it("is left where it is, when a token is deleted that has lost its library, and said", async () => {
      await open();
      token();
      await stack.up();
      await world.seize();
      stack.declare({});
      await stack.begin();
      await stack.remove("hq");
      assert.deepEqual((await world.truth()).mdmInfo, rival);
      assert.match(
        stack.notes.join("\n"),
        /the mark is not this stack's any more and stays: .*Rival Device Management/,
      );
    });

    it("is that of another stack of ours, which is named with what to do, and never with managedBy", async () => {
      await open();
      const other = new HostStack({ env: world.env }, "prod");
      other.declare({ hq: ["VppToken", {}] });
      await other.up();
      const reason = await refusal({});
      assert.match(reason, /held by another stack of pulumi-vpp, “organization\/trial\/prod” \(id [0-9a-f-]{36}\)/);
      assert.match(reason, /StackReference.*take the VppToken out of that stack first/);
      assert.doesNotMatch(reason, /managedBy/);
      await other.destroy();
      assert.equal(await refusal({}), "");
      await other.end();
    });

    for (const [property, value] of [
      ["managedBy", "rival-mdm-1\u00a0"],
      ["takeOverFrom", "\ufeffrival-mdm-1"],
    ] as const) {
      it(`is not meant by an id with a blank in ${property}, which is shown`, async () => {
        await open({ mdmInfo: rival });
        const code = value.includes("\ufeff") ? "ufeff" : "u00a0";
        assert.match(
          await refusal({ [property]: value }),
          new RegExp(`${property} must have no blank at its ends and no invisible character; it holds \\\\${code}`),
        );
      });
    }

    it("refuses takeOverFrom and managedBy together", async () => {
      await open();
      assert.match(await refusal({ takeOverFrom: "a", managedBy: "b" }), /takeOverFrom and managedBy are both set/);
    });
  });

  describe("a library that nobody has marked", () => {
    it("is told in the check, before anything is written, when licences are assigned in it", async () => {
      await open({ assignments: [{ adamId: "361285480", serialNumbers: ["F9FW000001", "F9FW000002"] }] });
      token();
      await stack.begin();
      await world.forget();
      await stack.check("hq");
      assert.match(stack.notes.join("\n"), /nobody had marked this library, yet 2 of its licences are assigned/);
      assert.equal(await mark(), undefined);
      await stack.apply("hq");
      assert.equal((await world.requests("assets")).length, 1);
      assert.equal(stack.notes.filter((line) => line.includes("nobody had marked")).length, 1);
    });

    it("is no reason to fail, when its apps can't be read in the check", async () => {
      await open();
      token();
      await stack.begin();
      await world.act("faults", {
        match: { path: "assets" },
        times: 1,
        action: { type: "status", status: 200, body: { errorNumber: 9637 } },
      });
      assert.deepEqual((await stack.check("hq")).failures, []);
    });
  });

  describe("our own mark", () => {
    it("is refused to a second stack of the same name, which may take it over by its id", async () => {
      await open();
      token();
      await stack.up();
      const { bindingId } = stack.outputs("hq");
      const again = new HostStack({ env: world.env });
      again.declare({ hq: ["VppToken", {}] });
      const { failures } = (await again.up()).hq!;
      assert.match(
        failures[0]!.reason,
        /bound already by a stack that has or had this name.*`aliases`.*manage the library from there/s,
      );
      again.declare({ hq: ["VppToken", { takeOverFrom: bindingId }] });
      assert.equal((await again.up()).hq?.op, "create");
      assert.match(again.notes.join("\n"), /already bears this stack's own mark/);
      assert.equal(again.kept("hq").outputs.bindingId, bindingId);
      await again.end();
    });

    it("is free again once it has been released", async () => {
      await open();
      token();
      await stack.up();
      await stack.destroy();
      const again = new HostStack({ env: world.env });
      again.declare({ hq: ["VppToken", {}] });
      assert.equal((await again.up()).hq?.op, "create");
      await again.end();
    });
  });

  describe("renewal", () => {
    it("is done in place and keeps the binding, when the new token is of the same library", async () => {
      await open();
      token({ appleAccount: "vpp@contoso.example" });
      await stack.up();
      const before = stack.outputs("hq");
      token({ appleAccount: "buyer@contoso.example" });
      const { hq } = await stack.up({ env: await issue("renewed") });
      const after = stack.outputs("hq");
      assert.equal(hq?.op, "update");
      assert.notEqual(after.tokenFingerprint, before.tokenFingerprint);
      assert.deepEqual([after.bindingId, after.libraryId], [before.bindingId, before.libraryId]);
      assert.ok(String(after.lastUpdatedAt) > String(before.lastUpdatedAt));
    });

    it("is noted, when the new token ends before the one that it replaces", async () => {
      await open();
      token();
      await stack.up();
      const { hq } = await stack.up({ env: await issue("older", undefined, new Date(Date.now() + 100 * day)) });
      assert.equal(hq?.op, "update");
      assert.match(
        stack.notes.join("\n"),
        /VppToken hq: the content token in place ends on \d{4}-\d\d-\d\d, and the one before it on .*newest one/,
      );
      await stack.up({ env: await issue("newer", undefined, new Date(Date.now() + 200 * day)) });
      assert.doesNotMatch(stack.notes.join("\n"), /ends on/);
    });

    it("refuses a token of another library with both ids, and keeps everything as it is", async () => {
      await open();
      token();
      await stack.up();
      const reason = await refusal({}, await issue("other", branch));
      assert.match(reason, /opens library 9999000011112222, but this resource is bound to library 2049025000431439/);
      assert.match(reason, /never replaced/);
      assert.equal((await world.truth(branch)).mdmInfo, null);
    });

    it("is never a replacement, when a check was gone around", async () => {
      await open();
      token();
      await stack.up();
      const news = { ...stack.kept("hq").inputs, libraryId: branch };
      await assert.rejects(stack.host.diff("VppToken", stack.kept("hq"), news), /bound to library 2049025000431439/);
    });

    it("refuses another appleAccount, when the token is still the same", async () => {
      await open();
      token({ appleAccount: "vpp@contoso.example" });
      await stack.up();
      const reason = await refusal({ appleAccount: "buyer@contoso.example" });
      assert.match(reason, /^appleAccount changes, but the content token is still the same/);
      assert.doesNotMatch(reason, /contoso/);
    });
  });

  describe("two tokens in one program", () => {
    it("are refused, when both open one library", async () => {
      await open();
      stack.declare({ hq: ["VppToken", {}], twin: ["VppToken", { contentTokenKey: "twin" }] });
      const { twin } = await stack.up({ env: { VPP_CONTENT_TOKEN_TWIN_FILE: world.tokenFile } });
      assert.match(
        twin?.failures[0]?.reason ?? "",
        /library 2049025000431439 is already bound by VppToken hq of this program/,
      );
    });

    for (const [one, two, why] of [
      ["eu-north", "eu_north", /name the same environment variable/],
      ["emea", "emea", /is also that of VppToken two/],
    ] as const) {
      it(`are refused, when their keys are ${one} and ${two}`, async () => {
        await open();
        stack.declare({ one: ["VppToken", { contentTokenKey: one }], two: ["VppToken", { contentTokenKey: two }] });
        assert.match((await stack.up()).one?.failures[0]?.reason ?? "", why);
      });
    }

    it("live side by side, when they open two libraries", async () => {
      await open();
      const { VPP_CONTENT_TOKEN_FILE: file } = await issue("branch", branch);
      stack.declare({ hq: ["VppToken", {}], branch: ["VppToken", { contentTokenKey: "branch" }] });
      const applied = await stack.up({ env: { VPP_CONTENT_TOKEN_BRANCH_FILE: file } });
      assert.deepEqual([applied.hq?.op, applied.branch?.op], ["create", "create"]);
      assert.notEqual(stack.outputs("hq").bindingId, stack.outputs("branch").bindingId);
    });
  });
});
