import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** One entry: people who are about to be registered under a binding, or of whom nothing is open any more. */
interface Line {
  readonly bindingId: string;
  readonly ids: readonly string[];
  readonly is: "registering" | "settled";
}

/**
 * What a run registers, on this machine and beyond the run's end: when the CLI or the provider host is killed before the state is written, the
 * state says that nobody registered those people, and nobody would ever retire them. One file for each process, 0600, below Pulumi's home; it
 * holds ids, no address and no secret. A file that can't be written or read takes this protection away, and nothing else.
 */
export class RunFiles {
  private readonly folder: string | undefined;
  private readonly own: string;
  private found?: Map<string, ReadonlySet<string>>;

  /** Without a home nothing is written down and nothing found. */
  constructor(home: string | undefined, pid = process.pid) {
    this.folder = home && join(home, "pulumi-vpp", "runs");
    this.own = `${pid}-${Date.now()}.jsonl`;
  }

  /** Those of the machine that the process's engine runs on. */
  static ofThisMachine(env: NodeJS.ProcessEnv = process.env): RunFiles {
    return new RunFiles(env.PULUMI_HOME || join(homedir(), ".pulumi"));
  }

  /** Notes that people are about to be registered, before the request goes out. */
  registering(bindingId: string, ids: readonly string[]): void {
    if (ids.length > 0) this.append(this.own, { bindingId, ids, is: "registering" });
  }

  /** Whether a run of this machine that was cut off has registered somebody under a binding. */
  wasRegistered(bindingId: string, id: string): boolean {
    this.found ??= openOf(this.files().flatMap(([file, lines]) => (file === this.own ? [] : lines)));
    return this.found.get(bindingId)?.has(id) === true;
  }

  /** Nothing is open of these people any more: the state has them, or they were not registered after all. */
  settle(bindingId: string, ids: Iterable<string>): void {
    const settled = new Set(ids);
    if (settled.size === 0) return;
    for (const [file, lines] of this.files()) {
      const open = openOf(lines).get(bindingId);
      const known = [...(open ?? [])].filter((id) => settled.has(id));
      if (known.length === 0) continue;
      const line: Line = { bindingId, ids: known, is: "settled" };
      if ([...openOf([...lines, line]).values()].every(({ size }) => size === 0)) this.remove(file);
      else this.append(file, line);
    }
  }

  /** The files of runs that have ended, and this run's own. */
  private files(): [string, readonly Line[]][] {
    const { folder } = this;
    if (folder === undefined || !existsSync(folder)) return [];
    try {
      const ended = readdirSync(folder).filter(
        (file) => file.endsWith(".jsonl") && (file === this.own || !isRunning(Number.parseInt(file, 10))),
      );
      return ended.map((file) => [file, linesOf(readFileSync(join(folder, file), "utf8"))]);
    } catch {
      return [];
    }
  }

  private append(file: string, line: Line): void {
    if (this.folder === undefined) return;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      appendFileSync(join(this.folder, file), `${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch {
      // A home that can't be written to is no reason to register nobody.
    }
  }

  private remove(file: string): void {
    try {
      rmSync(join(this.folder!, file), { force: true });
    } catch {
      // It stays until the next run, which finds nothing new in it.
    }
  }
}

/** Those of whom something is open, by binding. */
function openOf(lines: readonly Line[]): Map<string, Set<string>> {
  const open = new Map<string, Set<string>>();
  for (const { bindingId, ids, is } of lines) {
    const of = open.get(bindingId) ?? new Set();
    open.set(bindingId, of);
    for (const id of ids) {
      if (is === "registering") of.add(id);
      else of.delete(id);
    }
  }
  return open;
}

/** A process that was killed can have left half a line. */
function linesOf(text: string): Line[] {
  return text.split("\n").flatMap((line) => {
    try {
      const { bindingId, ids, is } = JSON.parse(line) as Partial<Line>;
      const isLine = typeof bindingId === "string" && Array.isArray(ids) && (is === "registering" || is === "settled");
      return isLine ? [{ bindingId, ids, is }] : [];
    } catch {
      return [];
    }
  });
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
