import type { ConfigReader } from "../provider/engine/settings";

const variable = /^VPP_CONTENT_TOKEN(?:_(.+?))?(_FILE)?$/;

/** The keys of the content tokens that the environment holds, in order; none if it holds none. */
export function keysInEnvironment(env: NodeJS.ProcessEnv): string[] {
  const keys = new Set<string>();
  for (const [name, value] of Object.entries(env)) {
    const match = variable.exec(name);
    if (match === null || !value) continue;
    const suffix = match[1];
    keys.add(suffix === undefined || suffix === "FILE" ? "default" : suffix.toLowerCase());
  }
  return [...keys].sort((a, b) => Number(b === "default") - Number(a === "default") || a.localeCompare(b));
}

/** The keys of the content tokens that a stack's configuration has; none if it has none, or if its tables can't be read. */
export function keysInConfiguration(config: ConfigReader): string[] {
  const single = ["vpp:contentTokenFile", "vpp:contentToken"].some((name) => config(name));
  const tables = ["vpp:contentTokenFiles", "vpp:contentTokens"].flatMap((name) => keysOfTable(config(name)));
  return [...new Set([...(single ? ["default"] : []), ...tables])];
}

function keysOfTable(text: string | undefined): string[] {
  if (!text) return [];
  try {
    const table: unknown = JSON.parse(text);
    return typeof table === "object" && table !== null && !Array.isArray(table) ? Object.keys(table) : [];
  } catch {
    return [];
  }
}
