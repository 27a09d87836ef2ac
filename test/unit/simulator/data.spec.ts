import assert from "node:assert/strict";
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFileError, type SimulatorOptions } from "../../../simulator";
import type { LibraryState } from "./bodies";
import { killAll, ServedProcess } from "./served";
import { type Client, control, fileOf, smallLibrary, start, stateOf, stopAll } from "./support";

const LATER = { eventDelayMs: 60_000 };

/** Everything the control interface and client/config tell about a simulator. */
async function truth(client: Client): Promise<unknown> {
  const { libraries } = (await client.simulator.control("GET", "state")) as { libraries: LibraryState[] };
  const { offsetSeconds } = (await client.simulator.control("GET", "clock")) as { offsetSeconds: number };
  return { libraries, offsetSeconds, config: (await client.get("client/config")).body };
}

/** Does something of every kind that is kept. */
async function changeEverything(client: Client, folder: string): Promise<void> {
  const post = (path: string, body: object) => client.event(path, body);
  const assets = [{ adamId: "100" }, { adamId: "300" }];
  await post("assets/associate", { assets, serialNumbers: ["D1", "D2", "D3"] });
  await post("assets/associate", { assets: [{ adamId: "200" }], serialNumbers: ["D1", "D2", "D3"] });
  await post("assets/associate", { assets: [{ adamId: "900" }], clientUserIds: ["anna", "beat"] });
  await post("assets/disassociate", { assets, serialNumbers: ["D2"] });
  await post("assets/revoke", { serialNumbers: ["D3"] });
  await post("users/create", {
    users: [{ clientUserId: "dora" }, { clientUserId: "emma", email: "e@beispiel.example" }],
  });
  await post("users/update", { users: [{ clientUserId: "dora", managedAppleId: "dora@beispiel.example" }] });
  await post("users/retire", { users: [{ clientUserId: "beat" }, { clientUserId: "emma" }] });
  await client.post("client/config", {
    mdmInfo: { id: "mine", name: "Mine", metadata: "" },
    notificationUrl: "https://receiver.example/x",
    notificationAuthToken: "a secret of mine",
    notificationTypes: ["ASSET_COUNT"],
  });
  await control(client, "accept", { clientUserId: "anna" });
  await control(client, "assets", { action: "buy", adamId: "100", count: 7 });
  await control(client, "assets", { action: "add", adamId: "777", count: 3 });
  await control(client, "assets", { action: "transfer", adamId: "100", count: 2, to: "1002" });
  await control(client, "assets", { action: "remove", adamId: "400" });
  await control(client, "assignments", { action: "assign", assets: [{ adamId: "777" }], serialNumbers: ["R1", "R2"] });
  await control(client, "assignments", { action: "unassign", assets: [{ adamId: "777" }], serialNumbers: ["R1"] });
  await control(client, "assets", { action: "refund", adamId: "777", count: 3, held: true });
  await control(client, "users", { action: "set-status", users: [{ clientUserId: "anna", status: "Suspended" }] });
  await control(client, "holder", { library: "1002", mdmInfo: { id: "theirs", name: "Theirs" } });
  await control(client, "tokens", { action: "issue", name: "second", file: join(folder, "second") });
  await control(client, "tokens", { action: "issue", name: "third", file: join(folder, "third") });
  await control(client, "tokens", { action: "revoke", name: "second" });
  await control(client, "tokens", { action: "expire", name: "third" });
  await control(client, "tokens", { action: "issue", library: "1002", name: "older", file: join(folder, "older") });
  await control(client, "tokens", { action: "renew", library: "1002", file: join(folder, "newer") });
  await control(client, "faults", { action: { type: "event-status", status: "ARCHIVED" } });
  await post("users/create", { users: [{ clientUserId: "fred" }] });
  await control(client, "clock", { advanceSeconds: 3600 });
}

describe("simulator: data files", function () {
  this.timeout(30_000);
  let folder: string;
  let file: string;
  const library = fileOf(smallLibrary(), smallLibrary({ libraryId: "1002", assets: [], users: [] }));
  const open = (options: SimulatorOptions = {}) => start({ library, data: file, ...options });
  const reopen = async (client: Client, options: SimulatorOptions = {}) => {
    await client.simulator.close();
    return open(options);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-data-"));
    file = join(folder, "data");
  });
  afterEach(async () => {
    await killAll();
    await stopAll();
    await rm(folder, { recursive: true });
  });

  it("keep everything that can be changed, and the tokens", async () => {
    const first = await open();
    assert.equal(first.simulator.librariesFrom, "library");
    await changeEverything(first, folder);
    const before = await truth(first);
    const token = first.simulator.token();
    const second = await reopen(first, { library: fileOf(smallLibrary({ libraryId: "5" })) });
    assert.equal(second.simulator.librariesFrom, "data");
    assert.equal(second.simulator.token(), token);
    assert.deepEqual(await truth(second), before);
    assert.deepEqual(await truth(await reopen(second)), before);
  });

  it("go on where they ended: changes after a start come out as without one", async () => {
    const straight = await start({ library });
    await changeEverything(straight, folder);
    let client = await open();
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["D0"] });
    client = await reopen(client);
    await client.event("assets/disassociate", { assets: [{ adamId: "100" }], serialNumbers: ["D0"] });
    client = await reopen(client);
    await changeEverything(client, folder);
    assert.deepEqual(await client.pairs(), await straight.pairs());
    assert.deepEqual((await stateOf(client)).assets, (await stateOf(straight)).assets);
  });

  it("and what lies beside them can only be read by their owner", async () => {
    await open();
    assert.deepEqual((await readdir(folder)).sort(), ["data", "data.lock"]);
    for (const name of await readdir(folder)) {
      assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
    }
  });

  it("keep accepted events, which are processed after the next start, in order", async () => {
    const first = await open(LATER);
    const bodies = [["A1", "A2"], ["A3"]].map((serialNumbers) => ({ assets: [{ adamId: "200" }], serialNumbers }));
    const give = await first.post("assets/associate", bodies[0]);
    const short = await first.post("assets/associate", bodies[1]);
    const retire = await first.post("users/retire", { users: [{ clientUserId: "anna" }] });
    const status = async (client: Client, { body }: typeof give) =>
      (await client.get(`status?eventId=${body.eventId}`)).body;
    assert.equal((await status(first, give)).eventStatus, "PENDING");
    const still = await reopen(first, LATER);
    assert.equal((await status(still, give)).eventStatus, "PENDING");
    const done = await reopen(still);
    await done.simulator.settled();
    assert.equal((await status(done, give)).eventStatus, "COMPLETE");
    assert.equal((await status(done, short)).failures[0]!.errorNumber, 9709);
    assert.deepEqual(
      [(await status(done, retire)).eventType, (await status(done, retire)).numCompleted],
      ["RETIRE", 1],
    );
    assert.deepEqual(await done.pairs(), ["200 A1", "200 A2"]);
  });

  it("keep version ids valid, for what was taken back too", async () => {
    const readings = { "delta-removals": "listed" } as const;
    const first = await open({ readings });
    await first.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["D1", "D2"] });
    const { versionId } = (await first.get("assignments")).body;
    const users = (await first.get("users")).body.versionId;
    await first.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["D3"] });
    const second = await reopen(first, { readings });
    await second.event("assets/disassociate", { assets: [{ adamId: "100" }], serialNumbers: ["D1"] });
    await second.event("users/create", { users: [{ clientUserId: "dora" }] });
    const since = async (client: Client) => {
      const created = (await client.get(`users?sinceVersionId=${users}`)).body.users;
      return [await client.pairs(`?sinceVersionId=${versionId}`), created.map((user) => user.clientUserId)];
    };
    assert.deepEqual(await since(second), [["100 D3", "100 D1"], ["dora"]]);
    const current = (await second.get("assignments")).body.versionId;
    const third = await reopen(second, { readings });
    assert.deepEqual(await since(third), [["100 D3", "100 D1"], ["dora"]]);
    assert.equal((await third.get("assignments")).body.versionId, current);
  });

  it("are the same after they were written anew, which happens at a start when they have grown", async () => {
    const readings = { "delta-removals": "listed" } as const;
    let client = await open({ readings, limits: { maxSerialNumbers: null } });
    await changeEverything(client, folder);
    const { versionId } = (await client.get("assignments")).body;
    const serialNumbers = Array.from({ length: 9000 }, (_, index) => `a rather long serial number ${index}`);
    const body = { assets: [{ adamId: "300" }], serialNumbers };
    for (const path of ["assets/associate", "assets/disassociate", "assets/associate", "assets/disassociate"]) {
      assert.equal((await client.event(path, body)).numCompleted, 9000);
    }
    await client.event("assets/associate", { assets: [{ adamId: "300" }], serialNumbers: ["LAST"] });
    const since = async () => (await client.get(`assignments?sinceVersionId=${versionId}&pageIndex=9`)).body;
    const [before, delta, size] = [await truth(client), await since(), (await stat(file)).size];
    assert.ok(size > 1024 * 1024, `${size} bytes`);
    client = await reopen(client, { readings });
    assert.ok((await stat(file)).size < size / 2);
    assert.deepEqual(await truth(client), before);
    assert.deepEqual((await since()).assignments, delta.assignments);
    assert.deepEqual(await truth(await reopen(client, { readings })), before);
  });

  it("are written anew while in use when they have grown a lot, with the events that wait", async () => {
    const first = await open(LATER);
    await first.post("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["D1"] });
    const serialNumbers = Array.from({ length: 20_000 }, (_, index) => `a rather long serial number ${index}`);
    let largest = 0;
    let size = 0;
    while (size >= largest) {
      largest = size;
      for (const action of ["assign", "unassign"]) {
        await control(first, "assignments", { action, assets: [{ adamId: "300" }], serialNumbers });
      }
      size = (await stat(file)).size;
      assert.ok(size < 12 * 1024 * 1024, `${size} bytes`);
    }
    await control(first, "assignments", { action: "assign", assets: [{ adamId: "300" }], serialNumbers: ["D2"] });
    const second = await reopen(first);
    await second.simulator.settled();
    assert.deepEqual(await second.pairs(), ["300 D2", "100 D1"]);
  });

  it("lose only the change that was not written to its end, wherever it was cut off", async () => {
    const first = await open();
    await first.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["D1"] });
    const { size } = await stat(file);
    const before = await truth(first);
    await control(first, "assignments", { action: "assign", assets: [{ adamId: "300" }], serialNumbers: ["D2", "D3"] });
    const after = await truth(first);
    await first.simulator.close();
    const whole = join(folder, "whole");
    await copyFile(file, whole);
    const end = (await stat(whole)).size;
    for (let length = size; length <= end; length += 1) {
      await copyFile(whole, file);
      await truncate(file, length);
      const client = await open();
      assert.deepEqual(await truth(client), length === end ? after : before, `cut off at ${length} of ${end}`);
      await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["D4"] });
      const again = await reopen(client);
      assert.equal((await again.pairs("?serialNumber=D4")).length, 1);
      await again.simulator.close();
    }
  });

  it("are refused and left alone when they are damaged or something else", async () => {
    const client = await open();
    await changeEverything(client, folder);
    await client.simulator.close();
    const bytes = await readFile(file);
    const changed = (position: number) => {
      const copy = Buffer.from(bytes);
      copy[position] = copy[position]! ^ 1;
      return copy;
    };
    const lines = bytes.toString("utf8").split("\n");
    const cases: [string, Buffer, RegExp][] = [
      ["a changed letter", changed(Math.floor(bytes.length / 2)), /is damaged: line \d+ is not as it was written/],
      ["a changed checksum", changed(bytes.lastIndexOf(10, -2) + 3), /is damaged: line \d+ is not as it was written/],
      ["a missing end", bytes.subarray(0, 2000), /is damaged: its end is missing/],
      ["a missing line", Buffer.from(lines.toSpliced(5, 1).join("\n")), /is damaged: line \d+ does not fit/],
      ["an empty file", Buffer.alloc(0), /is not a data file of the simulator/],
      ["a library file", Buffer.from(JSON.stringify(library, undefined, 2)), /is not a data file of the simulator/],
      ["random bytes", Buffer.from([0, 10, 255, 10, 10]), /is not a data file of the simulator/],
    ];
    for (const [what, content, reason] of cases) {
      await writeFile(file, content);
      await assert.rejects(
        open(),
        (error: Error) => error instanceof DataFileError && reason.test(error.message),
        what,
      );
      assert.deepEqual(await readFile(file), content, what);
      assert.equal((await readdir(folder)).includes("data.lock"), false);
    }
    await rm(file);
    await symlink(folder, file);
    await assert.rejects(open(), /is not a file/);
  });

  it("are used by one simulator at a time; what a killed one left behind is no hindrance", async () => {
    const first = await open();
    await assert.rejects(open(), /data is in use by another simulator \(process \d+\)/);
    const second = await reopen(first);
    await second.simulator.close();
    for (const stale of ["999999999 123\n", `${process.pid} 1\n`, "", "nonsense"]) {
      await writeFile(`${file}.lock`, stale);
      await writeFile(`${file}.new`, "half of a file that was to be");
      const client = await open();
      assert.equal(client.simulator.librariesFrom, "data");
      await client.simulator.close();
    }
  });

  it("have the command say where the libraries come from, and why a file cannot be used", async () => {
    const words = ["--data", file, "--library", "company"];
    const first = new ServedProcess(words);
    await first.url;
    assert.match(first.stderr, /^pulumi-vpp: the libraries come from company\n$/);
    const second = new ServedProcess(words);
    assert.equal(await second.ended, 1);
    assert.match(second.stderr, /^pulumi-vpp: --data: \S+data is in use by another simulator \(process \d+\)\n$/);
    await first.kill();
    const third = new ServedProcess(words);
    await third.url;
    assert.ok(third.stderr.endsWith(`the libraries come from ${file}\n`), third.stderr);
    third.child.kill("SIGTERM");
    assert.equal(await third.ended, 0);
    assert.deepEqual(await readdir(folder), ["data"]);
  });

  it("may be links, which stay links", async () => {
    const target = join(folder, "elsewhere");
    const first = await start({ library, data: target });
    await first.simulator.close();
    await symlink(target, file);
    const client = await open();
    await control(client, "clock", { advanceSeconds: 60 });
    const again = await reopen(client);
    assert.equal(((await again.simulator.control("GET", "clock")) as { offsetSeconds: number }).offsetSeconds, 60);
    assert.deepEqual((await readdir(folder)).sort(), ["data", "elsewhere", "elsewhere.lock"]);
  });

  it("cannot be where nothing can be written, which is said in plain words", async () => {
    await assert.rejects(start({ data: join(folder, "no", "where") }), /where\.lock cannot be written \(ENOENT\)/);
    if (process.getuid?.() !== 0) {
      await chmod(folder, 0o500);
      await assert.rejects(open(), /cannot be written \(EACCES\)/);
      await chmod(folder, 0o700);
    }
  });
});
