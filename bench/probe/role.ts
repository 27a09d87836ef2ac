/** What a process is to a job: the engine's host of our provider, the user's program, or a command of ours. */
export type Role = "host" | "program" | "command" | "inside";

const scripts: readonly (readonly [Role, RegExp])[] = [
  ["host", /@pulumi\/pulumi\/cmd\/dynamic-provider/],
  ["program", /@pulumi\/pulumi\/cmd\/run(\/|$)/],
  ["command", /dist\/cli\/main\.js$|dist\/bench\/floor\/reader\.js$/],
  ["inside", /dist\/bench\/inside\/\w+\.js$/],
];

/** The role of a process by the script that it runs; undefined for the engine itself and all else. */
export function roleOf(script: string | undefined): Role | undefined {
  const path = (script ?? "").replaceAll("\\", "/");
  return scripts.find(([, pattern]) => pattern.test(path))?.[0];
}
