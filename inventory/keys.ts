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
