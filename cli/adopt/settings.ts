import { readdir } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { VppError } from "../../provider/errors";
import { withoutSecrets } from "../../provider/redact";
import { ExitError } from "../exit-error";
import { sourceOptions } from "../sources";
import { packageVersion } from "../version";

const { "token-file": tokenFile, key, quiet } = sourceOptions;

const options = {
  "token-file": tokenFile,
  key,
  quiet,
  project: { type: "string" },
  stack: { type: "string" },
  organization: { type: "string" },
  package: { type: "string" },
  "take-over": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** What `pulumi-vpp adopt --help` prints. */
export const usage = `Usage: pulumi-vpp adopt DIR [OPTIONS]

Reads libraries and writes a Pulumi project into DIR that declares what they hold now, with a file for \`pulumi import\`.
Nothing is changed at the service. DIR must be new or empty. At the end the commands to type are shown.

Options:
  --token-file FILE    a library, by the file of its content token; can be repeated
  --key KEY            a library, by its content token's key in the environment; can be repeated
                       Without either: every content token in the environment (VPP_CONTENT_TOKEN…)
  --project NAME       the project's name (that of DIR)
  --stack NAME         the stack that is to hold it all (dev)
  --organization NAME  the organization of that stack, as \`pulumi org get-default\` says it; a backend of files or
                       a bucket calls it "organization", the default
  --take-over          take a library from the service whose mark it bears, instead of living beside that service
  --package SPEC       what \`npm install\` is to fetch as pulumi-vpp (${packageVersion()}): a version, or a file: or https: address
  --quiet              don't tell on standard error how far it is when that takes longer than 3 seconds
  --help               show this text
`;

/** What `adopt` was told, complete and in order. */
export interface AdoptSettings {
  readonly folder: string;
  /** The folder as it was typed, for the commands to type next. */
  readonly typed: string;
  readonly tokenFiles: readonly string[];
  readonly keys: readonly string[];
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly package: string;
  readonly takeOver: boolean;
  readonly quiet?: boolean;
}

/** Reads the command line; undefined if it asks for the usage. Throws an ExitError for what can't be meant. */
export function readSettings(words: readonly string[]): AdoptSettings | undefined {
  const { values, positionals } = parse(words);
  if (values.help === true) return undefined;
  const [typed, ...more] = positionals;
  if (typed === undefined || typed === "" || more.length > 0)
    throw new ExitError(2, "name one folder to write the project into: pulumi-vpp adopt DIR");
  if (withoutSecrets(typed) !== typed)
    throw new ExitError(2, "DIR looks like an address with a password or like a key, not like a folder; name a folder");
  const folder = resolve(typed);
  return {
    folder,
    typed,
    tokenFiles: values["token-file"] ?? [],
    keys: values.key ?? [],
    project: nameFor("project", values.project ?? plainName(basename(folder))),
    stack: nameFor("stack", values.stack ?? "dev"),
    organization: nameFor("organization", values.organization ?? "organization"),
    package: values.package ?? packageVersion(),
    takeOver: values["take-over"] === true,
    quiet: values.quiet === true,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new ExitError(2, `${(error as Error).message.split(/\.\s|\.?\n/)[0]}; "adopt --help" lists the options`);
  }
}

/** Pulumi's rule for the names of projects and stacks. */
function nameFor(what: string, name: string): string {
  if (/^[A-Za-z0-9_.-]{1,100}$/.test(name)) return name;
  throw new ExitError(2, `--${what} must be 1 to 100 letters, digits, hyphens, underscores or dots`);
}

function plainName(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9_.-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 100) || "apps-and-books"
  );
}

/** Refuses a folder that holds anything but what `git init` leaves in it. Throws a VppError. */
export async function refuseFullFolder({ folder, typed }: AdoptSettings): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    const why = code === "ENOTDIR" ? `${typed} is a file` : `${typed} can't be read (${code})`;
    throw new VppError("VPP_INPUT_INVALID", why, { remedy: "Name a folder that is new or empty." });
  }
  if (names.every((name) => name === ".git")) return;
  throw new VppError("VPP_INPUT_INVALID", `${typed} is not empty`, { remedy: "Name a folder that is new or empty." });
}
