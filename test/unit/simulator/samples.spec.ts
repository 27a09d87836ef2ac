import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LIBRARY, type LibraryFile, SAMPLES } from "../../../simulator";
import type { Body, LibraryState, PairRow, UserRow } from "./bodies";
import { killAll, ServedProcess } from "./served";
import { type Client, control, fileOf, raw, smallLibrary, start, stateOf, stopAll } from "./support";

/** All records of a list endpoint, page by page. */
async function readAll<T>(client: Client, path: string, field: "assignments" | "users"): Promise<T[]> {
  const found: T[] = [];
  for (let index: number | undefined = 0; index !== undefined; ) {
    const body: Body = (await client.get(`${path}?pageIndex=${index}`)).body;
    found.push(...((body[field] ?? []) as readonly unknown[] as T[]));
    index = body.nextPageIndex;
  }
  return found;
}

async function exported(client: Client): Promise<LibraryFile> {
  return (await client.simulator.control("GET", "library")) as LibraryFile;
}

/** What a library file stands for: the state without what is made up at each start. */
async function truth(client: Client): Promise<unknown[]> {
  const { libraries } = (await client.simulator.control("GET", "state")) as { libraries: LibraryState[] };
  return libraries.map(({ events: _events, tokens, ...rest }) => ({
    ...rest,
    notifications: undefined,
    tokens: tokens.map(({ fingerprint: _fingerprint, ...token }) => token),
  }));
}

describe("simulator: samples", function () {
  this.timeout(20_000);
  afterEach(stopAll);

  it("has a school with thousands of iPads, and books for its users", async () => {
    const client = await start({ library: "school" });
    const state = await stateOf(client);
    const devices = new Set(state.assignments.map((pair) => pair.serialNumber));
    assert.ok(devices.size > 3000, `${devices.size} devices`);
    const config = (await client.get("client/config")).body as unknown as { defaultPlatform: string };
    assert.equal(config.defaultPlatform, "volumestore");
    const books = (await client.get("assets?productType=Book")).body.assets;
    assert.ok(books.length >= 5 && books.some((book) => book.assignedCount > 100));
    assert.ok(state.users.length > 300 && state.users.every((user) => user.status === "Associated"));
    assert.deepEqual(await readAll<PairRow>(client, "assignments", "assignments"), state.assignments);
    assert.equal((await readAll<UserRow>(client, "users", "users")).length, state.users.length);
  });

  it("has a company with users in several states, and apps of which few or none are left", async () => {
    const client = await start({ library: "company" });
    const { assets, users, assignments } = await stateOf(client);
    assert.ok(assets.filter((asset) => asset.availableCount <= 2).length >= 5);
    assert.ok(assets.filter((asset) => asset.availableCount === 0).length >= 2);
    assert.deepEqual([...new Set(users.map((user) => user.status))], ["Associated", "Registered", "Retired"]);
    assert.ok(assignments.some((pair) => pair.clientUserId !== undefined));
    assert.deepEqual(await readAll<PairRow>(client, "assignments", "assignments"), assignments);
    assert.equal((await readAll<UserRow>(client, "users", "users")).length, users.length);
  });

  it("has chaos: retired users, two pricings, no limits, foreign users, other scripts, another service's mark", async () => {
    const client = await start({ library: "chaos" });
    const { assets, users, assignments, mdmInfo, tokens } = await stateOf(client);
    assert.equal(mdmInfo?.name, "Some Other MDM");
    assert.equal((await client.get("assets")).body.mdmInfo.name, "Some Other MDM");
    for (const adamId of ["1437755020", "1450081122"]) {
      const pricings = assets.filter((asset) => asset.adamId === adamId).map((asset) => asset.pricingParam);
      assert.deepEqual(pricings, ["STDQ", "PLUS"]);
    }
    assert.ok(assets.some((asset) => asset.totalCount === 2_147_483_647));
    assert.ok(assets.some((asset) => asset.retiredCount > 0));
    assert.deepEqual(new Set(users.map((user) => user.status)).size, 4);
    assert.ok(users.filter((user) => user.clientUserId === "k-0001").length === 3);
    assert.ok(users.some((user) => user.clientUserId.startsWith("JSS-")));
    assert.ok(users.filter((user) => /[^\u0000-\u024f]/.test(user.clientUserId)).length >= 4);
    assert.deepEqual(
      tokens.map((token) => token.status),
      ["active", "expired", "revoked", "active"],
    );
    assert.deepEqual(await readAll<PairRow>(client, "assignments", "assignments"), assignments);
    assert.deepEqual(
      (await readAll<UserRow>(client, "users", "users")).map((user) => user.clientUserId),
      users.map((user) => user.clientUserId),
    );
  });

  for (const [name, library] of Object.entries({ ...SAMPLES, default: DEFAULT_LIBRARY })) {
    it(`writes ${name} out so that it can be loaded again`, async () => {
      const first = await start({ library });
      const file = JSON.parse(JSON.stringify(await exported(first))) as LibraryFile;
      const second = await start({ library: file });
      assert.deepEqual(await truth(second), await truth(first));
      assert.deepEqual(await exported(second), file);
    });

    it(`consists of consistent ids and made-up addresses in ${name}`, () => {
      for (const { assets = [], users = [] } of library.libraries) {
        const names = new Map<string, string>();
        for (const asset of assets) {
          assert.match(asset.adamId, /^\d{9,10}$/);
          assert.equal(names.get(asset.adamId) ?? asset.name, asset.name, "one adamId is one product");
          names.set(asset.adamId, asset.name);
        }
        for (const user of users) {
          assert.match(user.email ?? "x@y.example", /\.example$/);
        }
      }
    });
  }
});

describe("simulator: library files written out", function () {
  this.timeout(20_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-library-"));
  });
  afterEach(async () => {
    await killAll();
    await stopAll();
  });
  after(() => rm(folder, { recursive: true }));

  it("hold what changed since the start, in its order, and no token", async () => {
    const client = await start();
    const books = { action: "assign", assets: [{ adamId: "900" }], clientUserIds: ["anna", "beat"] };
    await control(client, "assignments", books);
    await control(client, "users", { action: "retire", users: [{ clientUserId: "anna" }] });
    await control(client, "users", {
      action: "create",
      users: [{ clientUserId: "anna", email: "new@beispiel.example" }],
    });
    await control(client, "assignments", { ...books, clientUserIds: ["anna"] });
    await control(client, "assignments", { action: "assign", assets: [{ adamId: "300" }], serialNumbers: ["D1"] });
    await control(client, "assignments", {
      action: "assign",
      assets: [{ adamId: "100" }],
      serialNumbers: ["D1", "D2"],
    });
    await control(client, "assignments", { action: "assign", assets: [{ adamId: "300" }], serialNumbers: ["D0"] });
    await control(client, "assets", { action: "add", adamId: "777", count: 3, name: "Late" });
    await control(client, "holder", { mdmInfo: { id: "x", name: "y" } });
    await control(client, "tokens", { action: "issue", file: join(folder, "second"), name: "second" });
    await control(client, "tokens", { action: "revoke", name: "second" });
    const file = await exported(client);
    const again = await start({ library: JSON.parse(JSON.stringify(file)) as LibraryFile });
    assert.deepEqual(await truth(again), await truth(client));
    const entries = file.libraries[0]!.assignments!;
    assert.ok(entries.some((entry) => entry.userEntries?.[0] === 0));
    const text = JSON.stringify(file);
    assert.equal(text.includes(client.simulator.token()), false);
    assert.equal(text.includes(await readFile(join(folder, "second"), "utf8")), false);
    assert.equal((await raw(client, "GET", "library")).status, 200);
  });

  it("can be one library of several, and not one that does not exist", async () => {
    const client = await start({ library: fileOf(smallLibrary(), smallLibrary({ libraryId: "1002" })) });
    const one = (await client.simulator.control("GET", "library", { library: "1002" })) as LibraryFile;
    assert.deepEqual(
      one.libraries.map((library) => library.libraryId),
      ["1002"],
    );
    await assert.rejects(client.simulator.control("GET", "library", { library: "9" }), /there is no library 9/);
  });

  it("come from the command, which ends then", async () => {
    const path = join(folder, "chaos.json");
    const command = new ServedProcess(["--library", "chaos", "--write-library", path]);
    await command.ended;
    assert.equal(command.stderr, "");
    const written = await start({ library: path });
    assert.deepEqual(await exported(written), JSON.parse(await readFile(path, "utf8")));
    assert.equal(
      (await stateOf(written)).assignments.length,
      (await stateOf(await start({ library: "chaos" }))).assignments.length,
    );
  });

  it("are refused with the names of the samples when there is neither file nor sample", async () => {
    await assert.rejects(start({ library: "shcool" }), /shcool cannot be read.*\(there are school, company, chaos\)/);
    const entry = { ...smallLibrary(), assignments: [{ adamId: "900", userEntries: [7] }] };
    await writeFile(join(folder, "wrong.json"), JSON.stringify(fileOf(entry)));
    await assert.rejects(
      start({ library: join(folder, "wrong.json") }),
      /assignments\[0\]: the library has no user entry 7/,
    );
  });
});
