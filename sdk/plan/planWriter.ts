import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describeFailure, VppError } from "../../provider/errors";
import type { PlanInput, PlanLine, PlanReference } from "../../provider/plan/planLines";
import { refuseWrongCopy } from "./packageCopies";
import { makePlanFolder } from "./planFolder";
import { isProgramOver } from "./programEnd";

/** One resource's declaration: its line as far as it is known by now, or nothing while not even its library is known. */
export interface Declaration {
  line(): PlanLine | undefined;
}

/**
 * What this run's program declares, written to a file that the provider's checks read. One for each run, not for each process: inline
 * programs of the Automation API share a process.
 */
export class PlanWriter {
  private readonly file: string;
  private readonly dirty = new Set<Declaration>();
  private flushing?: Promise<void>;
  private entries = 0;
  /** Entries whose inputs are not all known yet. */
  private readonly open = new Set<string>();
  /** How many entries there were, and which of them were open, before anything had to be waited for; afterwards it is chance what comes when. */
  private firm?: { readonly entries: number; readonly open: readonly string[] };
  private isFirstFlush = true;
  private readonly recorded: PlanLine[] = [];

  constructor() {
    const run: PlanLine = {
      t: "run",
      organization: organizationName(),
      project: pulumi.getProject(),
      stack: pulumi.getStack(),
    };
    this.file = inWords(() => {
      const file = join(makePlanFolder(), "plan.jsonl");
      writeFileSync(file, `${JSON.stringify(run)}\n`, { mode: 0o600, flag: "wx" });
      return file;
    });
  }

  /** A name for a declaration, unique in this run, and higher than those of before. */
  nextEntry(): string {
    if (this.entries === 0) afterMicrotasks(() => this.noteFirm());
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
    this.open.add(entry);
    const close = (): boolean => this.open.delete(entry);
    settled.then(close, close);
    await this.declare(declaration);
    await settled;
    if (this.dirty.has(declaration)) await this.declare(declaration);
    const reference: PlanReference = { file: this.file, entry, name };
    return JSON.stringify(reference);
  }

  /** Notes when the engine has a resource in its state: only then does it tell the program. A preview has nothing to record. */
  noteWhenRecorded(resource: pulumi.Resource, entry: string): void {
    if (pulumi.runtime.isDryRun()) return;
    (resource.urn as unknown as { promise(): Promise<unknown> }).promise().then(
      () => this.noteRecorded(entry),
      () => undefined,
    );
  }

  /** What can't be written any more is taken for open by the provider, which then looks. */
  private noteRecorded(entry: string): void {
    if (this.recorded.push({ t: "recorded", of: entry }) > 1) return;
    setImmediate(() => {
      const lines = this.recorded.splice(0);
      try {
        appendTo(this.file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      } catch {
        // The program has done its part; nothing of it depends on this.
      }
    });
  }

  private noteFirm(): void {
    this.firm = { entries: this.entries, open: [...this.open] };
  }

  private flush(): void {
    const lines = [...this.dirty].map((declaration) => declaration.line()).filter((line) => line !== undefined);
    this.dirty.clear();
    if (this.isFirstFlush && this.firm !== undefined && isProgramOver()) lines.push(endOf(lines, this.firm));
    this.isFirstFlush = false;
    if (lines.length === 0) return;
    inWords(() => appendTo(this.file, lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
  }
}

/** A file that is gone is not made anew: the provider may have the old one open, and would not see what is written to another. */
function appendTo(file: string, text: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/** Does something with the plan's file; what fails ends the program with a sentence and without a stack. */
function inWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code;
    if (cause === undefined) throw error;
    const why = `what this program declares can't be written to the folder for temporary files (${cause})`;
    const refusal = new VppError("VPP_CONFIG_PLAN_UNWRITABLE", why, {
      remedy:
        "Make room in that folder, or set TMPDIR to another one that is there and may be written, and see that nothing cleans it up while Pulumi runs.",
    });
    throw new pulumi.RunError(describeFailure("pulumi-vpp", "the program was stopped", refusal));
  }
}

/** The end of the program; entries that were made after waiting, and in time only by chance, count as open. */
function endOf(
  lines: readonly PlanLine[],
  { entries, open }: { readonly entries: number; readonly open: readonly string[] },
): PlanLine {
  const late = lines.flatMap((line) => ("entry" in line && Number(line.entry) > entries ? [line.entry] : []));
  return { t: "end", open: [...open, ...late] };
}

/** Calls back before any timer and any answer from outside, when nothing is left that runs by itself. */
function afterMicrotasks(then: () => void): void {
  process.nextTick(() => queueMicrotask(() => process.nextTick(then)));
}

/** Programs' own unit tests rarely name an organization to Pulumi's mocks; a file backend calls it by this word, too. */
function organizationName(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}

const ledgers = new WeakMap<object, PlanWriter>();
const noMonitor = {};

/** The ledger of the run that is going on. */
export function currentPlanWriter(): PlanWriter {
  const run = pulumi.runtime.getMonitor() ?? noMonitor;
  const known = ledgers.get(run);
  if (known !== undefined) return known;
  if (run !== noMonitor) refuseWrongCopy(run);
  const ledger = new PlanWriter();
  ledgers.set(run, ledger);
  return ledger;
}
