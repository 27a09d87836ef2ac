import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { LedgerLine, PlanInput } from "../provider/ledger";

/** One resource's declaration: its line as far as it is known by now, or nothing while not even its library is known. */
export interface Declaration {
  line(): LedgerLine | undefined;
}

const FOLDER_PREFIX = "pulumi-vpp-";
/** No run takes as long; what is older was left behind. */
const OLDEST_RUN_MS = 24 * 60 * 60 * 1000;

/**
 * What this run's program declares, written to a file that the provider's checks read. One for each run, not for each process: inline
 * programs of the Automation API share a process.
 */
export class Ledger {
  private readonly file: string;
  private readonly dirty = new Set<Declaration>();
  private flushing?: Promise<void>;
  private entries = 0;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
    removeAtExit(folder);
    this.file = join(folder, "plan.jsonl");
    const run: LedgerLine = {
      t: "run",
      organization: organizationName(),
      project: pulumi.getProject(),
      stack: pulumi.getStack(),
    };
    writeFileSync(this.file, `${JSON.stringify(run)}\n`, { mode: 0o600, flag: "wx" });
  }

  /** A name for a declaration, unique in this run. */
  nextEntry(): string {
    return String(++this.entries);
  }

  /** Writes a declaration, or what has become known of it since, together with everything else that is declared in this turn. */
  declare(declaration: Declaration): Promise<void> {
    this.dirty.add(declaration);
    this.flushing ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.flushing = undefined;
        try {
          this.flush();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return this.flushing;
  }

  /** The resource's transient input; given out once its declaration is written as fully as it will be before its registration. */
  async planInput(
    declaration: Declaration,
    entry: string,
    name: string,
    settled: Promise<unknown>,
  ): Promise<PlanInput> {
    await this.declare(declaration);
    await settled;
    if (this.dirty.has(declaration)) await this.declare(declaration);
    return { file: this.file, entry, name };
  }

  private flush(): void {
    const lines = [...this.dirty].map((declaration) => declaration.line()).filter((line) => line !== undefined);
    this.dirty.clear();
    if (lines.length > 0) appendFileSync(this.file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
}

/** Programs' own unit tests rarely name an organization to Pulumi's mocks; a file backend calls it by this word, too. */
function organizationName(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}

const folders: string[] = [];

/** The engine ends a program whose run has failed by a signal, and no exit handler runs then unless the signal is heard. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A program that is killed outright can't remove its plan; a later one does. A folder of somebody else's stays. */
function removeLeftBehind(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(tmpdir(), name);
    try {
      const { mtimeMs, uid } = statSync(folder);
      const ours = process.getuid === undefined || uid === process.getuid();
      if (ours && Date.now() - mtimeMs > OLDEST_RUN_MS) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run was quicker, or it can't be removed: nothing depends on it.
    }
  }
}

/** One listener for all runs of a process: Node warns of more than ten. */
function removeAtExit(folder: string): void {
  if (folders.push(folder) > 1) return;
  removeLeftBehind();
  const remove = (): void => {
    for (const old of folders) rmSync(old, { recursive: true, force: true });
  };
  process.once("exit", remove);
  for (const signal of endings) {
    process.once(signal, () => {
      remove();
      // Hearing a signal takes away its usual effect; it is given back unless the program hears it too.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}

const ledgers = new WeakMap<object, Ledger>();
const noMonitor = {};

/** The ledger of the run that is going on. */
export function currentLedger(): Ledger {
  const run = pulumi.runtime.getMonitor() ?? noMonitor;
  const ledger = ledgers.get(run) ?? new Ledger();
  ledgers.set(run, ledger);
  return ledger;
}
