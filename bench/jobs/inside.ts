import { join } from "node:path";
import { outputOf } from "../../test/support/childOutput";
import { root } from "../../test/support/paths";
import type { World } from "../../test/support/world";
import { Probe, requestsOf, type Sample } from "../measure";

/** What a script of `bench/inside` prints. */
interface Printed {
  readonly seconds: number;
  readonly more?: Readonly<Record<string, number>>;
}

/** Runs one of the scripts of `bench/inside` in a process of its own; what it says it took is what counts. */
export async function runInside(
  script: string,
  words: readonly string[],
  { env = {}, world }: { readonly env?: NodeJS.ProcessEnv; readonly world?: World } = {},
): Promise<Sample> {
  const probe = new Probe();
  const file = join(root, "dist/bench/inside", `${script}.js`);
  const { code, stdout, stderr } = await outputOf(process.execPath, [file, ...words], {
    cwd: root,
    env: { ...process.env, ...probe.env, ...env },
  });
  const processes = probe.read();
  if (code !== 0) throw new Error(`${script} ${words.join(" ")} ended with ${code}:\n${stderr}`);
  const printed = JSON.parse(stdout) as Printed;
  return { ...printed, requests: world ? await requestsOf(world) : {}, processes };
}
