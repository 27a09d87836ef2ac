import { parseArgs } from "node:util";
import { UserError, unsupported } from "./errors";
import { VERSION } from "./resource";

const flag = { type: "boolean" } as const;
const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const options = {
  ...{ yes: { ...flag, short: "y" }, "skip-preview": { ...flag, short: "f" }, "preview-only": flag, refresh: flag },
  ...{ "run-program": flag, all: flag },
  ...{ "expect-no-changes": flag, json: { ...flag, short: "j" }, diff: flag, "non-interactive": flag },
  ...{ "show-secrets": flag, secret: flag, plaintext: flag, path: flag, file: text, color: text },
  ...{ target: { ...list, short: "t" }, "target-replace": list, exclude: list, parallel: { ...text, short: "p" } },
  ...{ stack: { ...text, short: "s" }, cwd: { ...text, short: "C" } },
};

/** The options of a command line, by name. */
export type Options = ReturnType<typeof parse>["values"];

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "ERR_PARSE_ARGS_UNKNOWN_OPTION"
      ? unsupported(`the option ${message.split("'")[1]}`)
      : new UserError(message);
  }
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [command = ""] = positionals;
  if (command === "version") process.stdout.write(`v${VERSION}\n`);
  if (command === "version") return 0;
  if (values.cwd) process.chdir(values.cwd);
  const { Session } = await import("./session");
  if (["preview", "up", "refresh", "destroy"].includes(command)) {
    const { deploy } = await import("./deploy");
    return deploy(command as "preview", values, new Session(values.stack));
  }
  const { runCommand } = await import("./commands");
  runCommand(positionals, values, new Session(values.stack));
  return 0;
}

process.stderr.write(
  "local engine: for trying and testing only; this is not the Pulumi CLI (see test/engine/README.md)\n",
);
run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`error: ${error instanceof UserError ? error.message : error.stack}\n`);
    process.exitCode = error instanceof UserError ? error.exitCode : 1;
  },
);
