import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunFiles } from "../../provider/apple/library/runs/runFiles";
import type { Data, Kind } from "../support/hostProcess";
import { type Applied, HostStack } from "../support/hostStack";
import { InsideHost } from "../support/insideHost";
import { scaledClock } from "../support/scaledClock";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
type Resources = Record<string, readonly [Kind, Data]>;

describe("a run that was cut off", () => {
  let world: World;
  let home: string;
  let stack: HostStack<InsideHost>;
  /** The process of the next operation: one that has ended by then, or this one. */
  let pid: number;
  /** How many times faster the provider's time passes. */
  let scale: number;

  beforeEach(async () => {
    scale = 1;
    world = await World.start();
    home = mkdtempSync(join(tmpdir(), "vpp-home-"));
    pid = spawnSync(process.execPath, ["-e", ""]).pid;
    stack = open("dev");
  });
  afterEach(async () => {
    await stack.end();
    await world.close();
    rmSync(home, { recursive: true, force: true });
  });

  const open = (name: string): HostStack<InsideHost> =>
    new HostStack(
      { env: world.env },
      name,
      (options) =>
        new InsideHost(options, scale === 1 ? {} : { clock: scaledClock(scale) }, new RunFiles(home, pid, 500)),
    );
  const files = (): string[] => {
    const folder = join(home, "pulumi-vpp/runs");
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const assignment = (devices: readonly string[], more: Data = {}): readonly [Kind, Data] => [
    "VppAssignment",
    { apps: [keynote], serialNumbers: devices, maxRevocations: 40, ...more },
  ];
  const program = (assignments: Record<string, readonly [Kind, Data]> = {}, token: Data = {}): Resources => ({
    hq: ["VppToken", token],
    ...assignments,
  });
  const refusals = (applied: Record<string, Applied>): string[] =>
    Object.values(applied).flatMap(({ failures, initErrors = [] }) => [
      ...failures.map(({ reason }) => reason),
      ...initErrors,
    ]);
  const ops = (applied: Record<string, Applied>): object =>
    Object.fromEntries(Object.entries(applied).map(([name, { op }]) => [name, op]));
  /** Runs a program to its end. */
  const up = async (resources: Resources): Promise<Record<string, Applied>> => {
    stack.declare(resources);
    const applied = await stack.up();
    assert.deepEqual(refusals(applied), []);
    for (const name of stack.leftNames) await stack.remove(name);
    return applied;
  };
  /** The same, but the state is not written, and the host is killed. */
  const lost = async (resources: Resources, remove: readonly string[] = []): Promise<void> => {
    const before = stack.saved;
    stack.isStateLost = true;
    stack.declare(resources);
    await stack.up();
    for (const name of remove) await stack.remove(name);
    await stack.kill();
    stack.isStateLost = false;
    stack.restore(before);
  };
  const holders = (): Promise<string[]> => world.holders(keynote.adamId);
  const ten = serials(10);

  it("leaves no file behind when it ends in order after all", async () => {
    await up(program({ it: assignment(ten) }));
    assert.equal(files().length, 1, "while it runs");
    await stack.end();
    assert.deepEqual(files(), []);
    await up(program());
    await stack.end();
    assert.deepEqual(files(), []);
  });

  it("and took licences: the old program gives them again, and says so beforehand", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program({ it: assignment(ten.slice(0, 4)) }));
    assert.equal((await holders()).length, 4);
    assert.equal(files().length, 1);
    stack.declare(program({ it: assignment(ten) }));
    const applied = await stack.up();
    assert.deepEqual(ops(applied), { hq: "same", it: "update" });
    assert.match(
      stack.notes.join("\n"),
      /VppAssignment it: a run that was cut off .*has left work open\. 6 licences will be assigned again: Keynote on .* and 1 more/,
    );
    assert.deepEqual((await holders()).sort(), [...ten].sort());
    await stack.end();
    assert.deepEqual(files(), []);
  });

  it("and took licences with a delete: the old program gives them again", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program(), ["it"]);
    assert.equal((await holders()).length, 0);
    assert.deepEqual(ops(await up(program({ it: assignment(ten) }))), { hq: "same", it: "update" });
    assert.equal((await holders()).length, 10);
    await stack.end();
    assert.deepEqual(files(), []);
  });

  it("and assigned what nobody declares any more: it is named and revoked", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program({ it: assignment(ten), lab: assignment(serials(3, 10)) }));
    assert.equal((await holders()).length, 13);
    assert.deepEqual(ops(await up(program({ it: assignment(ten) }))), { hq: "update", it: "same" });
    assert.match(
      stack.notes.join("\n"),
      /VppToken hq: a run that was cut off .*has left what nothing declares: 3 licences will be revoked \(Keynote on/,
    );
    assert.deepEqual((await holders()).sort(), [...ten].sort());
    await stack.end();
    assert.deepEqual(files(), []);
    assert.deepEqual(ops(await up(program({ it: assignment(ten) }))), { hq: "same", it: "same" });
  });

  it("and assigned more with a resource than it declares now: the resource revokes it", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program({ it: assignment(serials(14)) }));
    assert.deepEqual(ops(await up(program({ it: assignment(ten) }))), { hq: "same", it: "update" });
    assert.deepEqual((await holders()).sort(), [...ten].sort());
    await stack.end();
    assert.deepEqual(files(), []);
  });

  it("at its very first: the same program goes on, and so does a smaller one", async () => {
    await lost(program({ it: assignment(ten) }));
    assert.deepEqual(ops(await up(program({ it: assignment(ten.slice(0, 7)) }))), { hq: "create", it: "create" });
    assert.deepEqual((await holders()).sort(), ten.slice(0, 7).sort());
    await stack.end();
    assert.deepEqual(files(), []);
  });

  it("and whose licences another resource declares now: nothing is revoked", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program({ it: assignment(ten), lab: assignment(serials(3, 10)) }));
    await up(program({ it: assignment(ten), classroom: assignment(serials(3, 10)) }));
    assert.equal((await holders()).length, 13);
    await stack.end();
    assert.deepEqual(files(), []);
  });

  it("beyond the run's limit is refused in the preview, with who would lose something", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program({ it: assignment(ten), lab: assignment(serials(3, 10)) }));
    stack.declare(program({ it: assignment(ten) }, { maxRevocations: 2 }));
    assert.match(
      refusals(await stack.up()).join("\n"),
      /take licences from 3 targets .*one run may take licences from 2.*VPP_LIMIT_BRAKE/,
    );
    assert.equal((await holders()).length, 13);
  });

  it("with reclaim: false leaves what it assigned", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program({ it: assignment(ten), lab: assignment(serials(3, 10), { reclaim: false }) }));
    await up(program({ it: assignment(ten) }));
    assert.equal((await holders()).length, 13);
  });

  it("whose work the service does not end is waited for a while, mended as far as it is seen, and kept in mind", async () => {
    await up(program({ it: assignment(ten) }));
    await world.act("faults", { match: { event: "disassociate" }, times: "always", action: { type: "event-pending" } });
    const before = stack.saved;
    stack.isStateLost = true;
    scale = 1000;
    stack.declare(program({ it: assignment(ten.slice(0, 4)) }));
    await stack.up();
    await stack.kill();
    stack.isStateLost = false;
    stack.restore(before);
    assert.deepEqual(ops(await up(program({ it: assignment(ten) }))), { hq: "same", it: "same" });
    assert.match(stack.notes.join("\n"), /has not ended 1 request of a run that was cut off/);
    await stack.end();
    assert.equal(files().length, 1);
  });

  it("leaves nothing assigned after a destroy", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program({ it: assignment(ten), lab: assignment(serials(3, 10)) }));
    await stack.destroy();
    assert.deepEqual(await holders(), []);
    await stack.end();
    assert.deepEqual(files(), []);
  });

  it("costs an unchanged run nothing once it is mended", async () => {
    await up(program({ it: assignment(ten) }));
    await lost(program({ it: assignment(ten.slice(0, 4)) }));
    await up(program({ it: assignment(ten) }));
    await stack.end();
    const before = (await world.requests()).length;
    await up(program({ it: assignment(ten) }));
    assert.equal((await world.requests()).length, before);
  });

  it("and still runs: nothing is sent, and the message names its process", async () => {
    await up(program({ it: assignment(ten) }));
    pid = process.ppid;
    stack.isStateLost = true;
    const before = stack.saved;
    stack.declare(program({ it: assignment(ten.slice(0, 6)) }));
    await stack.up();
    await stack.kill();
    stack.restore(before);
    pid = process.pid;
    stack.declare(program({ it: assignment(serials(12)) }));
    assert.match(
      refusals(
        await stack
          .up()
          .catch((error: Error) => ({ it: { op: "refused", failures: [], initErrors: [error.message] } })),
      ).join("\n"),
      new RegExp(`another run of this stack is still writing to this library \\(process ${process.ppid}`),
    );
    assert.equal((await holders()).length, 6);
  });

  describe("with people", () => {
    const people = (...ids: string[]): readonly [Kind, Data] => [
      "VppUserSet",
      { users: ids.map((clientUserId) => ({ clientUserId, email: `${clientUserId}@contoso.example` })) },
    ];
    const active = async (): Promise<string[]> =>
      (await world.truth()).users.filter(({ status }) => status !== "Retired").map(({ clientUserId }) => clientUserId);

    it("registered people whom nobody declares: they are named and retired, and who is declared is ours", async () => {
      await up(program());
      await lost(program({ staff: people("ada", "bob"), guests: people("cyd") }));
      await up(program({ staff: people("ada") }));
      const told = stack.notes.join("\n");
      assert.match(
        told,
        /VppUserSet staff: .*1 person whom it registered and nothing declares will be retired \(bob\)/,
      );
      assert.match(told, /VppToken hq: .*1 person will be retired \(cyd\)/);
      assert.deepEqual(await active(), ["ada"]);
      await stack.end();
      assert.deepEqual(files(), []);
      await up(program());
      assert.deepEqual(await active(), [], "ada was ours to retire");
    });

    it("retired people: the old program registers them again", async () => {
      await up(program({ staff: people("ada", "bob") }));
      await lost(program({ staff: people("ada") }));
      assert.deepEqual(await active(), ["ada"]);
      assert.deepEqual(ops(await up(program({ staff: people("ada", "bob") }))), { hq: "same", staff: "update" });
      assert.deepEqual((await active()).sort(), ["ada", "bob"]);
      await stack.end();
      assert.deepEqual(files(), []);
    });

    it("changed an address: the old program changes it back", async () => {
      await up(program({ staff: people("ada") }));
      const other = { clientUserId: "ada", email: "lovelace@contoso.example" };
      await lost(program({ staff: ["VppUserSet", { users: [other] }] }));
      await up(program({ staff: people("ada") }));
      const { users } = await world.truth();
      assert.deepEqual(
        users.map(({ email }) => email),
        ["ada@contoso.example"],
      );
    });
  });
});
