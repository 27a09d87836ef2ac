import { startChild } from "./child";
import { Reported, unsupported } from "./errors";
import type { Generator, PassOptions } from "./generator";
import type { Registration } from "./goal";
import { REFERENCE_TYPE, type Reading } from "./reference";
import type { Severity } from "./report";
import { fail, type Pass } from "./steps";
import type { Properties } from "./values";
import type { Handlers } from "./wire";

const severities: Severity[] = ["debug", "info", "warning", "error"];
/** The exit code of a program that has told of its error itself. */
const ALREADY_TOLD = 32;
/** Secrets and alias specs, as the monitor numbers its features. */
const FEATURES = [0, 3];

/**
 * Runs the user's program and answers it: the resource monitor and the engine service. Resolves when all that it
 * registered has been dealt with, or the pass has failed, with what ends it.
 */
export async function runProgram(
  pass: Pass,
  { project, stack, preview, parallel, settings, stackUrn }: PassOptions,
  generator: Generator,
  takeOutputs: (urn: string, outputs: Properties) => void,
): Promise<() => Promise<void>> {
  const { reporter, pool } = pass;
  let complete: (code: number) => void = () => undefined;
  const completed = new Promise<number>((resolve) => {
    complete = resolve;
  });
  // What fails the pass is never answered: the program is interrupted instead, and need not make sense of it.
  const refuse = (what: string): Promise<never> => {
    fail(pass, unsupported(what));
    return new Promise<never>(() => undefined);
  };
  let root = "";
  const handlers: Handlers = {
    getDeploymentInfo: async () => ({ supportedfeaturesList: FEATURES }),
    supportsFeature: async ({ id }: { id: string }) => ({ hassupport: ["secrets", "aliasSpecs"].includes(id) }),
    registerResource: (registration: Registration) => generator.register(registration),
    registerResourceOutputs: async ({ urn, outputs }: { urn: string; outputs?: Properties }) => {
      takeOutputs(urn, outputs ?? {});
      return {};
    },
    readResource: (reading: Reading) =>
      reading.type === REFERENCE_TYPE
        ? generator.read(reading)
        : refuse(`reading a resource of type "${reading.type}"`),
    invoke: ({ tok }: { tok: string }) => refuse(`the function "${tok}"`),
    signalAndWaitForShutdown: async () => {
      complete(0);
      return {};
    },
    log: async ({ severity, message, urn }: { severity: number; message: string; urn: string }) => {
      if (severities[severity] === "error") pass.failed = true;
      reporter.diagnostic(severities[severity] ?? "info", message, urn || stackUrn);
      return {};
    },
    setRootResource: async ({ urn }: { urn: string }) => {
      root = urn;
      return {};
    },
    getRootResource: async () => ({ urn: root }),
    requirePulumiVersion: async () => ({}),
  };
  const { serve } = await import("./wire");
  const server = await serve(handlers);
  const { name, root: rootDirectory, programFolder, entry, typescript } = project;
  const addresses = ["--monitor", server.address, "--engine", server.address, "--organization", "organization"];
  const places = ["--project", name, "--root-directory", rootDirectory, "--stack", stack, "--pwd", programFolder];
  const args = [...addresses, ...places, ...(preview ? ["--dry-run"] : []), "--parallel", String(parallel), entry];
  const entries = Object.entries(settings);
  const values = entries.map(([key, { text }]) => [key.replace(":", ":config:"), text]);
  const env = {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(values)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(entries.filter(([, { secret }]) => secret).map(([key]) => key)),
    PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    PULUMI_NODEJS_ROOT_DIRECTORY: rootDirectory,
  };
  const child = startChild("run", args, programFolder, env, pass.onLine);
  const exit = await Promise.race([completed, child.ended, pool.whenCancelled.then(() => 0)]);
  const error = new Error(`an unhandled error occurred: Program exited with non-zero exit code: ${exit}`);
  if (exit !== 0) fail(pass, exit === ALREADY_TOLD ? new Reported() : error, stackUrn);
  await pool.idle();
  return async () => {
    // A moment before a program is interrupted after a failure: what it logs comes over a connection of its own.
    const moment = pool.whenCancelled.then(() => new Promise((resolve) => setTimeout(resolve, 100)));
    await Promise.race([child.ended, moment]);
    await child.stop();
    server.stop();
  };
}
