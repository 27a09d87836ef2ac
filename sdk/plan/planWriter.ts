import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PlanInput, PlanLine, PlanReference } from "../../provider/plan/planLines";
import { refuseWrongCopy } from "./packageCopies";
import { makePlanFolder } from "./planFolder";

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

  constructor() {
    this.file = join(makePlanFolder(), "plan.jsonl");
    const run: PlanLine = {
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
    const reference: PlanReference = { file: this.file, entry, name };
    return JSON.stringify(reference);
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
