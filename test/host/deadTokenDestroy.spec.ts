import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import type { HostOptions } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { serials, smallLibrary, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const unset = { VPP_CONTENT_TOKEN_FILE: "" };

describe("a destroy without a living content token", () => {
  let world: World;
  let stack: HostStack;

  before(async () => {
    world = await World.start();
    stack = new HostStack({ env: world.env });
    stack.declare({
      hq: ["VppToken", {}],
      app: ["VppApp", keynote],
      people: ["VppUserSet", { users: [{ clientUserId: "ada" }] }],
      it: ["VppAssignment", { apps: [keynote], serialNumbers: serials(2) }],
      none: ["VppAssignment", { apps: [keynote], serialNumbers: [] }],
      left: ["VppAssignment", { apps: [keynote], serialNumbers: serials(2, 10), reclaim: false }],
    });
    await stack.up();
    stack.declare({});
  });

  afterEach(() => world.simulator.control("DELETE", "faults"));

  after(async () => {
    await stack.end();
    await world.close();
  });

  /** Deletes one resource and gives the error that the user sees; the state stays as it is, so that every test has all of it. */
  async function removal(name: string): Promise<string> {
    const kept = stack.kept(name);
    return stack.host.delete(kept.kind, kept).then(
      () => "",
      (error: Error) => error.message,
    );
  }

  /** What holds whatever has become of the token: nothing is forgotten, and the way out says at what price. */
  async function refusesToForget(why: RegExp): Promise<void> {
    const price = {
      it: /let it go with `pulumi state delete`: its licences then stay with those who have them/,
      people: /let it go with `pulumi state delete`: its people then stay registered/,
    };
    for (const [name, way] of Object.entries(price)) {
      const text = await removal(name);
      assert.match(text, why);
      assert.match(text, way);
    }
    for (const name of ["app", "none", "left"]) assert.equal(await removal(name), "", name);
    const { assignments, users, mdmInfo } = await world.truth();
    assert.equal(assignments.length, 4);
    assert.deepEqual(
      users.map(({ status }) => status),
      ["Registered"],
    );
    assert.doesNotMatch(mdmInfo?.metadata ?? "", /^released/);
  }

  const text = (): string => readFileSync(world.tokenFile, "utf8");
  const sources: Record<string, () => HostOptions> = {
    "the environment": () => ({ env: { ...unset, VPP_CONTENT_TOKEN: text() } }),
    "a file of the environment": () => ({}),
    "a file of the configuration": () => ({ env: unset, config: { "vpp:contentTokenFile": world.tokenFile } }),
    "the configuration": () => ({ env: unset, config: { "vpp:contentToken": text() } }),
  };
  const deaths: Record<string, [object, RegExp]> = {
    "calls it expired": [{ type: "errorNumber", errorNumber: 9621 }, /the content token has expired/],
    "calls it revoked": [{ type: "errorNumber", errorNumber: 9625 }, /the content token has been revoked/],
    "refuses it": [{ type: "errorNumber", errorNumber: 9622 }, /does not accept the content token/],
    "refuses it without a word": [{ type: "status", status: 401 }, /does not accept the content token \(HTTP 401\)/],
  };
  for (const [source, options] of Object.entries(sources)) {
    describe(`whose token comes from ${source}`, () => {
      const isStale = source === "the configuration";
      const what = isStale ? "lets nothing go" : "lets only the VppToken go, with a note";
      before(() => stack.begin(options()));

      for (const [death, [action, why]] of Object.entries(deaths)) {
        it(`${what}, when the service ${death}`, async () => {
          await world.act("faults", { match: { library: smallLibrary().libraryId }, times: "always", action });
          await refusesToForget(why);
          const said = await removal("hq");
          if (isStale) {
            assert.match(said, /pulumi destroy --run-program/);
            assert.match(said, /let it go with `pulumi state delete`: this stack's mark then stays on the library/);
          } else {
            assert.equal(said, "");
            const note = /VppToken hq: the content token is dead, so this stack's mark stays on the library/;
            assert.match(stack.notes.join("\n"), note);
          }
        });
      }
    });
  }

  const absences: Record<string, [() => HostOptions, RegExp]> = {
    "its file is missing": [
      () => ({ env: { VPP_CONTENT_TOKEN_FILE: world.path("gone") } }),
      /can't be read \(ENOENT\)/,
    ],
    "the file that the configuration names is missing": [
      () => ({ env: unset, config: { "vpp:contentTokenFile": world.path("gone") } }),
      /can't be read \(ENOENT\)/,
    ],
    "its file holds something else": [
      () => {
        writeFileSync(world.path("else"), "not a token");
        return { env: { VPP_CONTENT_TOKEN_FILE: world.path("else") } };
      },
      /can't be read: it is Base64, but not of JSON/,
    ],
    "there is none": [() => ({ env: unset }), /there is no content token/],
  };
  for (const [what, [options, why]] of Object.entries(absences)) {
    it(`lets nothing go, not even the VppToken, when ${what}`, async () => {
      await stack.begin(options());
      await refusesToForget(why);
      const said = await removal("hq");
      assert.match(said, why);
      assert.match(said, /let it go with `pulumi state delete`: this stack's mark then stays on the library/);
    });
  }

  it("lets nothing go, when the token may read but not write", async () => {
    await stack.begin();
    await world.act("faults", {
      match: { method: "POST" },
      times: "always",
      action: { type: "errorNumber", errorNumber: 9637 },
    });
    await refusesToForget(/the content token's account may not do this/);
    assert.match(await removal("hq"), /may not do this.*pulumi state delete/s);
  });
});
