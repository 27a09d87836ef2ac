import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunFiles } from "../../../../../../provider/apple/library/runs/runFiles";

/** The number of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

describe("run files", () => {
  let home: string;
  const files = (): string[] => {
    try {
      return readdirSync(join(home, "pulumi-vpp", "runs"));
    } catch {
      return [];
    }
  };

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "vpp-home-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("tell whom a run registered that has ended, by binding", () => {
    new RunFiles(home, endedPid()).registering("ours", ["ada", "bob"]);
    const later = new RunFiles(home);
    assert.deepEqual(
      [later.wasRegistered("ours", "ada"), later.wasRegistered("theirs", "ada"), later.wasRegistered("ours", "cyd")],
      [true, false, false],
    );
  });

  it("say nothing of a run that is still going on", () => {
    new RunFiles(home, process.ppid).registering("ours", ["ada"]);
    assert.equal(new RunFiles(home).wasRegistered("ours", "ada"), false);
  });

  it("are gone once everybody in them is settled, and not before", () => {
    new RunFiles(home, endedPid()).registering("ours", ["ada", "bob"]);
    const later = new RunFiles(home);
    later.settle("ours", ["ada"]);
    assert.equal(files().length, 1);
    assert.deepEqual(
      [new RunFiles(home).wasRegistered("ours", "ada"), new RunFiles(home).wasRegistered("ours", "bob")],
      [false, true],
    );
    later.settle("ours", ["bob", "cyd"]);
    assert.deepEqual(files(), []);
  });

  it("keep people who wait for the set that takes them over, when what a cut-off run has left is mended, until the binding itself goes", () => {
    const run = new RunFiles(home, endedPid());
    run.registering("ours", ["ada"]);
    run.registering("ours", ["bob"], run.operation({ kind: "VppUserSet", verb: "create", name: "staff" }));
    new RunFiles(home).forget("ours");
    const later = new RunFiles(home);
    assert.deepEqual([later.wasRegistered("ours", "ada"), later.wasRegistered("ours", "bob")], [true, false]);
    new RunFiles(home).forget("ours", true);
    assert.deepEqual(files(), []);
  });

  it("refuse to write beside another process that has written, though all of that is recorded by now, and not under another binding", async () => {
    const other = new RunFiles(home, process.ppid);
    const operation = other.operation({ kind: "VppAssignment", verb: "update", name: "it", entry: "1" });
    other.ended(other.sending("ours", "give", "device", [{ apps: ["1/STDQ"], targets: ["S1"], operation }]), "done");
    other.noteRecorded(() => true);
    const run = new RunFiles(home, process.pid, 0);
    await assert.rejects(run.refuseBesideOthers("ours"), { code: "VPP_RUN_STILL_WRITING" });
    await run.refuseBesideOthers("theirs");
  });

  it("can be read by their owner alone, and leave no folder where nothing was registered", () => {
    const run = new RunFiles(home);
    run.registering("ours", []);
    run.settle("ours", ["ada"]);
    assert.deepEqual(files(), []);
    run.registering("ours", ["ada"]);
    const [file] = files();
    assert.equal(statSync(join(home, "pulumi-vpp", "runs", file!)).mode & 0o777, 0o600);
  });

  it("survive half a line, a foreign file and rubbish", () => {
    const pid = endedPid();
    new RunFiles(home, pid).registering("ours", ["ada"]);
    const folder = join(home, "pulumi-vpp", "runs");
    const [file] = files();
    writeFileSync(join(folder, file!), `${readFileSync(join(folder, file!), "utf8")}{"bindingId":"ours","ids":["b`);
    writeFileSync(join(folder, `${pid}-1.jsonl`), 'null\n{"bindingId":7}\nrubbish\n');
    writeFileSync(join(folder, "notes.txt"), "mine");
    assert.equal(new RunFiles(home).wasRegistered("ours", "ada"), true);
  });

  it("take only their protection away, where nothing can be written or read", () => {
    mkdirSync(join(home, "pulumi-vpp"));
    writeFileSync(join(home, "pulumi-vpp", "runs"), "a file");
    const run = new RunFiles(home);
    run.registering("ours", ["ada"]);
    run.settle("ours", ["ada"]);
    assert.equal(run.wasRegistered("ours", "ada"), false);
    const without = new RunFiles(undefined);
    without.registering("ours", ["ada"]);
    assert.equal(without.wasRegistered("ours", "ada"), false);
  });
});
