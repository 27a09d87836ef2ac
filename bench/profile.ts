import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../test/support/paths";

/** The part of V8's profile that says where time went. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A function and the milliseconds that were spent in it, not counting what it called. */
export interface SelfTime {
  readonly name: string;
  readonly milliseconds: number;
}

/** The functions with the most time of their own. */
export function mostSelfTime({ nodes, samples, timeDeltas }: CpuProfile, count = 10): SelfTime[] {
  const nameOf = new Map(nodes.map(({ id, callFrame }) => [id, frameName(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = nameOf.get(id) ?? "?";
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  }
  return [...times]
    .filter(([name]) => name !== "(idle)" && name !== "(root)")
    .map(([name, milliseconds]) => ({ name, milliseconds }))
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, count);
}

function frameName({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  if (url === "") return functionName;
  const path = url.startsWith("file:") ? fileURLToPath(url) : url;
  return `${functionName || "(anonymous)"} ${path.replace(`${root}/`, "")}:${lineNumber + 1}`;
}

/** What the profiles of a folder say, as text. */
export function describeProfiles(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"));
  return files
    .flatMap((file) => {
      const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile;
      const lines = mostSelfTime(profile).map(
        ({ name, milliseconds }) => `  ${milliseconds.toFixed(0).padStart(7)} ms  ${name}`,
      );
      return [file, ...lines, ""];
    })
    .join("\n");
}
