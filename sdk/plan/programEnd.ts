/** How Pulumi's command for programs ends, whichever package manager has laid it out. */
const runCommand = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]index\.js$/;

/**
 * Whether the program's main module is known to have run to its end, so that no constructor of its top level is still to come. Known only for a
 * CommonJS module that the `pulumi` command has loaded: an async program exports a function, ES modules are in no cache, and an inline
 * program's process was started by somebody else.
 */
export function isProgramOver(): boolean {
  try {
    if (!runCommand.test(require.main?.filename ?? "")) return false;
    const main = require.cache[require.resolve(process.cwd())];
    return main?.loaded === true && !isStillToRun(main.exports);
  } catch {
    return false;
  }
}

/** Pulumi calls an exported function and waits for an exported promise. */
function isStillToRun(exported: unknown): boolean {
  if (typeof exported === "function") return true;
  return typeof (exported as { then?: unknown } | null | undefined)?.then === "function";
}
