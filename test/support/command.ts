import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChildOutput, outputOf } from "./childOutput";
import { root } from "./paths";
import type { World } from "./world";

/** How a command of ours ended, what it printed, and what it cost. */
export interface Ended extends ChildOutput {
  readonly seconds: number;
}

/** Runs `pulumi-vpp` as a process, with nothing of this process's environment that it listens to; `until` ends it when it says so. */
export async function pulumiVpp(
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = root,
  until?: RegExp,
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^(VPP_|PULUMI_|NO_COLOR|FORCE_COLOR|COLUMNS)/.test(key),
  );
  const began = process.hrtime.bigint();
  const options = { cwd, env: { ...Object.fromEntries(inherited), ...env } };
  const ended = await outputOf(process.execPath, [join(root, "dist/cli/main.js"), ...words], options, until);
  return { ...ended, seconds: Number(process.hrtime.bigint() - began) / 1e9 };
}

/**
 * The most memory that a command had, in megabytes, and the processor's time that it took, in seconds: a preloaded script writes both when the
 * command ends. The clock would tell of other work of the machine, too.
 */
export function measured(file: string): { env: NodeJS.ProcessEnv; megabytes: () => number; cpuSeconds: () => number } {
  const script = `${file}.cjs`;
  const peak = `require(${JSON.stringify(join(__dirname, "peakMemory.js"))}).peakMegabytes()`;
  const both = `const { user, system } = process.cpuUsage(); return JSON.stringify([${peak}, (user + system) / 1e6]);`;
  const write = `require("node:fs").writeFileSync(${JSON.stringify(file)}, (() => { ${both} })())`;
  writeFileSync(script, `process.on("exit", () => ${write});\n`);
  const read = (): readonly number[] => JSON.parse(readFileSync(file, "utf8")) as number[];
  return {
    env: { NODE_OPTIONS: `--require=${script}` },
    megabytes: () => read()[0]!,
    cpuSeconds: () => read()[1]!,
  };
}

/** Puts the content token of another library of a world into a file. */
export function tokenFileOf(world: World, libraryId: string): string {
  const file = world.path(`${libraryId}.vpptoken`);
  writeFileSync(file, world.simulator.token(libraryId), { mode: 0o600 });
  return file;
}

const type = (kind: string): string => `pulumi-nodejs:dynamic/vpp:${kind}`;

/** A resource as an exported state has it. */
export function stored(kind: string, name: string, outputs: object): object {
  return { urn: `urn:pulumi:dev::trial::${type(kind)}::${name}`, custom: true, type: type(kind), outputs };
}

/** A value that a state holds encrypted. */
export const encrypted = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:AAAA",
};

/** A value that a state was exported with in clear, since secrets were asked for. */
export function secretInClear(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) };
}

/** Writes what `pulumi stack export` would give for these resources. */
export function writeState(file: string, resources: readonly object[]): string {
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest: {}, resources } }));
  return file;
}
