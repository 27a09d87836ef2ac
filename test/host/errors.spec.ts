import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HostProcess, InitError } from "../support/hostProcess";
import { freshProcess, type ProcessStack } from "../support/hostStack";
import { serials, type World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };
const marker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What no text for the user may hold: a stack, an address, a credential. */
function assertClean(text: string, world: World): void {
  assert.doesNotMatch(text, /\n\s+at |node:internal|dist\/|\.js:\d/);
  assert.doesNotMatch(text, /@contoso\.example/);
  assert.ok(!text.includes(readFileSync(world.tokenFile, "utf8").trim().slice(0, 40)));
}

describe("host", () => {
  let world: World;
  let stack: ProcessStack;

  freshProcess((...fresh) => {
    [world, stack] = fresh;
  });

  describe("check failures", () => {
    it("name no property, tell every fault in a line of its own, and hold nothing personal", async () => {
      stack.declare({ hq: ["VppToken", {}], it: ["VppUserSet", { users: [] }] });
      await stack.up();
      const users = [
        { clientUserId: "ada", email: "no address of ada@contoso.example" },
        { clientUserId: "ada" },
        { clientUserId: "bob", name: "Bob" },
      ];
      const { failures } = await stack.host.check("VppUserSet", {}, { token: stack.ref(), users, reclaim: "yes" });
      assert.deepEqual(new Set(failures.map(({ property }) => property)), new Set([""]));
      const reasons = failures.map(({ reason }) => reason).sort();
      assert.equal(reasons.length, 4, reasons.join("\n"));
      assert.match(reasons.join("\n"), /^users\[1\] repeats users\[0\]/m);
      assert.match(reasons.join("\n"), /^users\[0\]\.email must be an e-mail address \(VPP_INPUT_INVALID\)/m);
      assert.match(reasons.join("\n"), /^users\[2\]\.name is not an input/m);
      assert.match(reasons.join("\n"), /^reclaim must be true or false, got "yes"/m);
      for (const reason of reasons) assertClean(reason, world);
      assert.ok(reasons.every((reason) => !reason.includes("\n")));
    });

    it("are few and short, however many targets a list has", async () => {
      stack.declare({ hq: ["VppToken", {}] });
      await stack.up();
      const serialNumbers = [...serials(5000), ...serials(5000)];
      const { failures } = await stack.host.check(
        "VppAssignment",
        {},
        { token: stack.ref(), apps: [keynote], serialNumbers },
      );
      assert.ok(failures.length > 0 && failures.length <= 5);
      assert.ok(JSON.stringify(failures).length < 2000);
    });

    it("tell what is wrong and what to do, when the service refuses the token", async () => {
      await world.act("tokens", { action: "revoke" });
      stack.declare({ hq: ["VppToken", {}] });
      const { hq } = await stack.up();
      assert.equal(hq?.failures.length, 1);
      assert.match(
        hq?.failures[0]?.reason ?? "",
        /has been revoked \(VPP_AUTH_TOKEN_REVOKED, service error 9625 “[^”]+”\)\. Download a new content token/,
      );
      assertClean(stack.host.stderr.join("\n"), world);
    });
  });

  describe("values that are not known yet", () => {
    it("pass the check as they are and ask the service for nothing", async () => {
      await stack.begin();
      const token = { libraryId: marker, bindingId: marker, contentTokenKey: "default" };
      const inputs = {
        token,
        apps: [{ adamId: marker, pricingParam: "STDQ" }],
        serialNumbers: ["F9FW000001", marker],
        intent: "required",
      };
      const checked = await stack.host.check("VppAssignment", {}, inputs);
      assert.deepEqual(checked.failures, []);
      assert.deepEqual(checked.inputs, { ...inputs, exclusive: false, reclaim: true });
      assert.deepEqual(await world.requests(), []);
    });

    it("are known to be a change, but no replacement, of a resource that is there", async () => {
      stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [keynote], serialNumbers: serials(1) }] });
      await stack.up();
      const news = { ...stack.kept("it").inputs, token: marker, serialNumbers: marker };
      assert.deepEqual(await stack.host.diff("VppAssignment", stack.kept("it"), news), { changes: true, replaces: [] });
    });
  });

  describe("a part that was not done", () => {
    it("keeps the resource with true outputs and tells who got nothing, when licences run out in mid-run", async () => {
      const buy = { action: "assign", assets: [keynote], serialNumbers: serials(39, 500) };
      await world.act("hooks", { on: "associate", do: [{ path: "assignments", body: buy }] });
      stack.declare({
        hq: ["VppToken", {}],
        it: ["VppAssignment", { apps: [keynote, dockscan], serialNumbers: serials(3) }],
      });
      const { it } = await stack.up();
      assert.equal(it?.op, "create");
      assert.equal(it?.initErrors?.length, 1);
      assert.match(
        it?.initErrors?.[0] ?? "",
        /^Keynote: 2 of 3 devices got no licence: none left \(VPP_LIMIT_NO_LICENSES, service error 9709 “[^”]+”\): F9FW000001, F9FW000002\. 1 got one\. Buy or free 2 licences/,
      );
      const { assignedCount, missingCount, missing } = stack.outputs("it");
      assert.deepEqual([assignedCount, missingCount], [4, 2]);
      assert.deepEqual(
        missing,
        serials(2, 1).map((serialNumber) => ({ ...keynote, serialNumber })),
      );
      assert.ok((await world.holders(keynote.adamId)).includes("F9FW000000"));
      assert.deepEqual(await world.holders(dockscan.adamId), serials(3));
    });

    it("is made good by the next run, when licences have come free", async () => {
      const buy = { action: "assign", assets: [keynote], serialNumbers: serials(39, 500) };
      await world.act("hooks", { on: "associate", do: [{ path: "assignments", body: buy }] });
      stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [keynote], serialNumbers: serials(3) }] });
      await stack.up();
      await world.act("assignments", { ...buy, action: "unassign" });
      const again = await stack.up();
      assert.deepEqual(again.it, { op: "update", failures: [] });
      assert.deepEqual(await world.holders(keynote.adamId), serials(3));
      assert.equal(stack.outputs("it").missingCount, 0);
    });

    it("keeps the provider's text among the outputs, since the engine could else never read or delete the resource", async () => {
      const buy = { action: "assign", assets: [keynote], serialNumbers: serials(40, 500) };
      await world.act("hooks", { on: "associate", do: [{ path: "assignments", body: buy }] });
      stack.declare({ hq: ["VppToken", {}] });
      await stack.up();
      const inputs = {
        token: stack.ref(),
        apps: [keynote],
        serialNumbers: serials(1),
        intent: "required",
        exclusive: false,
        reclaim: true,
      };
      const error: unknown = await stack.host.create("VppAssignment", inputs).catch((reason: unknown) => reason);
      assert.ok(error instanceof InitError);
      assert.match(JSON.stringify(error.properties.__provider), /pulumi-vpp\/provider/);
    });

    it("is told of users too, with their ids and not with addresses or accounts", async () => {
      const users = [{ clientUserId: "ada" }, { clientUserId: "bob", managedAppleId: "bob@elsewhere.example" }];
      stack.declare({ hq: ["VppToken", {}], it: ["VppUserSet", { users }] });
      const { it } = await stack.up();
      assert.equal(it?.op, "create");
      assert.match(
        it?.initErrors?.join("\n") ?? "",
        /^1 of 2 users was not registered: .*can't be linked.*9635 “[^”]+”\): bob\./,
      );
      assert.doesNotMatch(it?.initErrors?.join("\n") ?? "", /elsewhere|@/);
      assert.deepEqual([stack.outputs("it").invitedCount, stack.outputs("it").missingCount], [1, 1]);
    });
  });

  describe("errors", () => {
    it("are one sentence without a stack in message and on stderr, when a delete is refused", async () => {
      stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [keynote], serialNumbers: serials(1) }] });
      await stack.up();
      await world.seize();
      await stack.begin();
      const wanted =
        "VppAssignment it: not deleted: the library is held by another service, “Rival Device Management” (id rival-mdm-1) " +
        '(VPP_AUTH_HELD_BY_ANOTHER). If that service goes on installing the apps, set managedBy: "rival-mdm-1" on the VppToken. ' +
        'If it is to give the library up, stop it there first, then set takeOverFrom: "rival-mdm-1" on the VppToken. ' +
        "If that is not possible any more, let it go with `pulumi state delete`: its licences then stay with those who have them.";
      await assert.rejects(stack.remove("it"), { message: wanted });
      assert.deepEqual(stack.notes, [wanted]);
      assert.deepEqual(await world.holders(keynote.adamId), serials(1));
    });

    it("become VPP_BUG_UNEXPECTED without a stack, when something happens that should not, such as a mangled state", async () => {
      await stack.begin();
      const mangled = { id: "2049025000431439/assignment/it", outputs: { reclaim: true, releasing: 7 } };
      const error = await stack.host.delete("VppAssignment", mangled).catch((reason: unknown) => reason as Error);
      assert.match(
        String(error?.message),
        /^VppAssignment it: not deleted: the provider failed .* \(VPP_BUG_UNEXPECTED\)\. Please report/,
      );
      assertClean(`${error?.message}\n${stack.host.stderr.join("\n")}`, world);
      assert.equal(stack.host.stderr.length, 1);
    });

    it("are told apart by their reason, when the service can't be reached", async () => {
      stack.declare({ hq: ["VppToken", {}] });
      await stack.up();
      // Nobody speaks TLS there, which does not pass.
      await stack.begin({ env: { VPP_ENDPOINT: world.simulator.url.replace("http:", "https:") } });
      await assert.rejects(
        stack.host.read("VppToken", stack.kept("hq")),
        /not read: can't reach 127\.0\.0\.1:\d+ \(\w+\) \(VPP_NETWORK_UNREACHABLE/,
      );
    });

    it("do not take a stranger at the address for the service, nor for one that comes back", async () => {
      stack.declare({ hq: ["VppToken", {}] });
      await stack.up();
      const stranger = createServer((_, response) => response.writeHead(404).end("<html>Not here</html>"));
      await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
      const { port } = stranger.address() as AddressInfo;
      await stack.begin({ env: { VPP_ENDPOINT: `http://127.0.0.1:${port}` } });
      const error = await stack.host.read("VppToken", stack.kept("hq")).catch((reason: unknown) => reason as Error);
      assert.match(
        (error as Error).message,
        /not read: what answers at 127\.0\.0\.1:\d+ is not Apple's service \(HTTP 404\) \(VPP_SERVICE_ANSWER\)\. Check VPP_ENDPOINT/,
      );
      await stack.end();
      await new Promise((resolve) => stranger.close(resolve));
    });
  });

  describe("configuration", () => {
    it("is there for the first calls, when several kinds start at once", async () => {
      stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [keynote], serialNumbers: serials(1) }] });
      await stack.up();
      const config = { "vpp:endpoint": world.simulator.url, "vpp:contentTokenFile": world.tokenFile };
      const fresh = await HostProcess.start({ config });
      try {
        const token = stack.ref();
        const apps = await Promise.all([
          fresh.create("VppApp", { token, ...keynote }),
          fresh.create("VppApp", { token, ...dockscan }),
          fresh.read("VppToken", stack.kept("hq")),
          fresh.read("VppAssignment", stack.kept("it")),
        ]);
        assert.ok(apps.every(({ outputs }) => outputs !== undefined));
        const notes = fresh.stderr.filter((line) => line.includes("talking to"));
        assert.deepEqual(notes, [`pulumi-vpp: talking to ${world.simulator.url}/mdm/v2, not to Apple.`]);
      } finally {
        await fresh.stop();
      }
    });
  });

  describe("notes", () => {
    it("are one line each, once for each resource and reason, and name at most five serials", async () => {
      await world.act("assignments", { action: "assign", assets: [keynote], serialNumbers: serials(30) });
      stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [keynote], serialNumbers: serials(31) }] });
      await stack.begin();
      for (const name of ["hq", "it"]) {
        await stack.apply(name);
        await stack.check(name);
      }
      const notes = stack.notes;
      assert.equal(new Set(notes).size, notes.length);
      assert.ok(
        notes.some((line) =>
          /^VppToken hq: nobody had marked this library, yet 30 of its licences are assigned/.test(line),
        ),
        notes.join("\n"),
      );
      assert.ok(
        notes.includes(
          "VppAssignment it: 31 devices added. 1 licence to assign, 30 already assigned and now managed here.",
        ),
        notes.join("\n"),
      );
      for (const line of notes) assert.ok((line.match(/F9FW/g) ?? []).length <= 5);
    });
  });
});
