import { parseArgs } from "node:util";
import { normalizeSerialNumber } from "../../provider/plan/serialNumber";
import { ExitError } from "../exit-error";
import { type SourceValues, sourceOptions, sourceUsage } from "../sources";

const options = {
  ...sourceOptions,
  app: { type: "string", multiple: true },
  "free-below": { type: "string" },
  user: { type: "string", multiple: true },
  serial: { type: "string", multiple: true },
  expiring: { type: "string" },
  "known-serials": { type: "string" },
  "expect-declared": { type: "boolean" },
  json: { type: "boolean" },
  csv: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** What `status --help` shows. */
export const statusUsage = `Usage: pulumi-vpp status [OPTIONS]

Shows libraries as the service has them now: how the content token stands, apps with their licences, people, and,
where a state is given, what no resource declares. Reads only, and as little as what is shown takes.

Which libraries:
${sourceUsage}
What to show:
  --app NAME|ID        only this app, by its whole name in any case, its bundle id or its App Store id; can be repeated
  --free-below N|N%    only apps with fewer than N licences free, or less than N % of those bought
  --serial SERIAL      what this device holds; can be repeated
  --user ID            what the person with this clientUserId holds; can be repeated
  --expiring [DAYS]    only libraries whose token runs out within DAYS (30), is dead, or whose mark is another's;
                       by itself it reads nothing but the tokens
  --known-serials FILE licensed serial numbers that are not in FILE, a CSV export of all your devices
  --expect-declared    whatever no resource declares needs a person, too; with --stack or --state

How to show it:
  --json               everything as JSON
  --csv                the same as CSV, one record on a line; the first column says of which kind
  --help               show this text

Ends with 0 if all is well, with 1 if something needs a person (a token that is expiring or dead, a library that another
service holds, an app below --free-below, a serial number that is not in --known-serials, with --expect-declared also
what is not declared), and with 2 if the options or a library could not be read.
`;

/** How many licences must be free, as a number or as a share of those bought. */
export interface FreeBelow {
  readonly count: number;
  readonly isPercent: boolean;
}

/** What `pulumi-vpp status` was asked for. */
export interface StatusOptions {
  readonly sources: SourceValues;
  readonly apps: readonly string[];
  readonly freeBelow?: FreeBelow;
  readonly serialNumbers: readonly string[];
  readonly clientUserIds: readonly string[];
  /** Days within which a token that runs out is shown; absent: every library is. */
  readonly expiringDays?: number;
  readonly knownSerialsFile?: string;
  readonly expectDeclared: boolean;
  readonly format: "text" | "json" | "csv";
  readonly isHelp: boolean;
}

/** Reads the words of the command line; whatever is wrong with them is an {@link ExitError}. */
export function parseStatusOptions(words: readonly string[]): StatusOptions {
  const values = parse(words);
  if (values.json && values.csv) throw new ExitError(2, "--json and --csv can't be had together; choose one");
  const hasState = (values.state ?? values.stack) !== undefined;
  if (values["expect-declared"] && !hasState)
    throw new ExitError(2, "--expect-declared needs a state to compare with; give --stack NAME or --state FILE");
  const serialNumbers = (values.serial ?? []).map(normalizeSerialNumber);
  const clientUserIds = values.user ?? [];
  if ([...serialNumbers, ...clientUserIds, ...(values.app ?? [])].includes(""))
    throw new ExitError(2, "--serial, --user and --app need a text that is not empty");
  const freeBelow = values["free-below"];
  const expiring = values.expiring;
  return {
    sources: values,
    apps: values.app ?? [],
    ...(freeBelow !== undefined && { freeBelow: readFreeBelow(freeBelow) }),
    serialNumbers: [...new Set(serialNumbers)],
    clientUserIds: [...new Set(clientUserIds)],
    ...(expiring !== undefined && { expiringDays: readDays(expiring) }),
    ...(values["known-serials"] !== undefined && { knownSerialsFile: values["known-serials"] }),
    expectDeclared: values["expect-declared"] === true,
    format: values.json ? "json" : values.csv ? "csv" : "text",
    isHelp: values.help === true,
  };
}

function parse(words: readonly string[]) {
  // The days can be left out, which an option of parseArgs can't.
  const whole = words.flatMap((word, index) => {
    if (word !== "--expiring") return [word];
    return /^\d+$/.test(words[index + 1] ?? "") ? [word] : ["--expiring=30"];
  });
  try {
    return parseArgs({ args: whole, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ExitError(2, `${(error as Error).message.split(/\.\s|\.?\n/)[0]}; "status --help" lists the options`);
  }
}

function readFreeBelow(text: string): FreeBelow {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(%?)$/.exec(text.trim());
  const count = Number(match?.[1]);
  const isPercent = match?.[2] === "%";
  if (match === null || (isPercent ? count > 100 : !Number.isInteger(count)))
    throw new ExitError(2, "--free-below must be a whole number such as 20, or a share such as 5%");
  return { count, isPercent };
}

function readDays(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(days)) throw new ExitError(2, "--expiring must be a whole number of days such as 30");
  return days;
}
