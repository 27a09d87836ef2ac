import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ConfigReader } from "../provider/engine/settings";
import { VppError } from "../provider/errors";
import { parseDeployment, type StoredResource } from "./deployment";

const run = promisify(execFile);
const mostBytes = 1024 * 1024 * 1024;

/** The resources and the configuration of a stack of the project in the working folder, asked of the `pulumi` on PATH. */
export interface StackReading {
  readonly resources: readonly StoredResource[];
  readonly config: ConfigReader;
}

/** Reads a stack. Secrets come in clear, through a pipe and into this process only, since the people of a user set are secrets. */
export async function readStack(name: string): Promise<StackReading> {
  const exported = await pulumi(name, ["stack", "export", "--show-secrets", "--stack", name]);
  const configured = await pulumi(name, ["config", "--json", "--show-secrets", "--stack", name]);
  const values = JSON.parse(configured) as Record<string, { value?: string; objectValue?: unknown }>;
  return {
    resources: parseDeployment(exported, `what \`pulumi stack export\` says of ${name}`),
    config: (key) => {
      const { value, objectValue } = values[key] ?? {};
      return objectValue === undefined ? value : JSON.stringify(objectValue);
    },
  };
}

async function pulumi(stack: string, args: readonly string[]): Promise<string> {
  try {
    return (await run("pulumi", args, { maxBuffer: mostBytes, encoding: "utf8" })).stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const why =
      code === "ENOENT"
        ? "there is no `pulumi` command on PATH"
        : (stderr ?? "").trim().split("\n").at(-1) || `\`pulumi\` ended with ${String(code)}`;
    throw new VppError("VPP_INPUT_INVALID", `the stack ${stack} can't be read: ${why}`, {
      remedy: "Run this in the project's folder, logged in to its backend, or give an exported state with --state.",
    });
  }
}
