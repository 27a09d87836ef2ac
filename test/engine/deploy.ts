import { availableParallelism } from "node:os";
import { UserError } from "./errors";
import { EventJson, PreviewJson } from "./json";
import type { Options } from "./main";
import { Operation } from "./operation";
import { Reporter } from "./report";
import type { Session } from "./session";
import { Snapshot } from "./snapshot";

const titles = { up: "Updating", refresh: "Refreshing", destroy: "Destroying" };

/** `pulumi preview`, `up`, `refresh` and `destroy`: a preview first, unless it is not wanted, then the real thing. */
export async function deploy(name: keyof typeof titles | "preview", given: Options, session: Session): Promise<number> {
  const command = name === "preview" ? "up" : name;
  const previewOnly = name === "preview" || given["preview-only"] === true;
  if (given.yes && given["preview-only"]) throw new UserError("--yes and --preview-only cannot be used together");
  if (!previewOnly && !given.yes && !given["skip-preview"])
    throw Object.assign(
      new UserError("--yes or --skip-preview must be passed in: the local engine asks no questions"),
      { exitCode: 2 },
    );
  const { stack, backend, project, config } = session;
  const { resources = [] } = session.read();
  const replaceTargets = new Set(given["target-replace"]);
  const targets = new Set([...(given.target ?? []), ...replaceTargets]);
  const excludes = new Set(given.exclude);
  const unknown = [...targets].find((urn) => !resources.some((resource) => resource.urn === urn));
  if (unknown && command !== "up") throw new UserError(`no resource named '${unknown}' found`);
  const parallel = Number(given.parallel ?? process.env.PULUMI_PARALLEL ?? 4 * availableParallelism());
  const settings = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [session.fullKey(key), session.reveal(value)]),
  );
  const reads = given.refresh === true || (command === "refresh" && !given["run-program"]);

  const pass = async (preview: boolean): Promise<number> => {
    const title = `${preview ? `Previewing ${command === "up" ? "update" : command}` : titles[command]} (${stack})`;
    if (!given.json) process.stdout.write(`${title}:\n\n`);
    const reporter = new (given.json ? (preview ? PreviewJson : EventJson) : Reporter)({
      title,
      preview,
      diff: given.diff === true,
      settings,
    });
    const store = preview ? undefined : (latest: string) => backend.write(stack, latest);
    const snapshot = new Snapshot(session.read(), session.crypter, store);
    const options = {
      command,
      stack,
      project,
      targets,
      excludes,
      replaceTargets,
      program: command === "up" || given["run-program"] === true,
      settings,
      reads,
      preview,
      parallel: parallel || 1,
    };
    const operation = new Operation(options, snapshot, reporter);
    const interrupt = (): void => {
      process.stderr.write("^C received; what is running is waited for. To end at once, kill this process.\n");
      operation.cancel();
    };
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    const code = await operation.run();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    const changed = Object.keys(reporter.changes).some((op) => op !== "same");
    if (code !== 0 || !given["expect-no-changes"] || !changed) return code;
    process.stderr.write("error: no changes were expected but changes were proposed\n");
    return 7;
  };

  const code = given["skip-preview"] && !previewOnly ? 0 : await pass(true);
  if (code !== 0 || previewOnly) return code;
  const unlock = backend.lock(stack);
  return pass(false).finally(unlock);
}
