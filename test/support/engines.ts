import { execFileSync } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./paths";

/** One command that behaves as `pulumi` does. */
export interface Engine {
  readonly name: "local engine" | "Pulumi CLI";
  /** The folder to put first on PATH. */
  readonly folder: string;
}

const local: Engine = { name: "local engine", folder: join(root, "test/engine/bin") };

/** The folder of a real CLI on PATH; undefined if there is none. The local engine does not count. */
export function folderOfCli(path = process.env.PATH ?? ""): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, "pulumi");
    try {
      accessSync(file, constants.X_OK);
      if (realpathSync(file) !== realpathSync(join(local.folder, "pulumi"))) return folder;
    } catch {
      // Not here; look on.
    }
  }
  return undefined;
}

/**
 * What the provider needs of an engine, and so what every engine is asked. Tests that name one of these run on each engine that is there; all
 * others ask what no engine has a part in, and run on one.
 */
export type EngineContract =
  | "Automation API and policies"
  | "failed and killed runs"
  | "import and state"
  | "life of a stack"
  | "notes and refusals"
  | "order and targets"
  | "refresh"
  | "routes to a replacement"
  | "secrets";

/**
 * The engines that are there: the local one, and the real CLI where one is on PATH. `VPP_ENGINE=local` or `cli` picks one; to ask for a CLI
 * that is not there is an error.
 */
export function engines(): Engine[] {
  const wanted = process.env.VPP_ENGINE ?? "";
  const folder = folderOfCli();
  const cli: Engine | undefined = folder === undefined ? undefined : { name: "Pulumi CLI", folder };
  if (!["", "local", "cli", "both"].includes(wanted))
    throw new Error(`VPP_ENGINE must be "local", "cli" or "both", not ${JSON.stringify(wanted)}.`);
  if (wanted === "local") return [local];
  if (cli !== undefined) return wanted === "cli" ? [cli] : [local, cli];
  if (wanted !== "") throw new Error(`VPP_ENGINE=${wanted}, but there is no Pulumi CLI on PATH.`);
  return [local];
}

/** The engines to run tests on: all, if they ask for a part of the contract or `VPP_ENGINE=both` is set, and else the first. */
export function enginesFor(contract: EngineContract | undefined): Engine[] {
  return contract === undefined && process.env.VPP_ENGINE !== "both" ? engines().slice(0, 1) : engines();
}

/** What to tell a reader of the output about an engine. */
export function describeEngine(engine: Engine): string {
  if (engine.name === "local engine") return "the project's local engine (no Pulumi CLI is used)";
  const version = execFileSync(join(engine.folder, "pulumi"), ["version"], { encoding: "utf8" }).trim();
  return `the Pulumi CLI ${version}`;
}
