import { parseArgs } from "node:util";
import { withoutSecrets } from "../../provider/redact";
import { ExitError } from "../exit-error";
import { asExit } from "../failures";
import { readEach } from "../libraries";
import { print } from "../print";
import { openSources, sourceOptions, sourceUsage } from "../sources";
import { summarize } from "../status/summary";
import { unreadLine } from "../status/text";
import { printable } from "../terminal";
import { packageVersion } from "../version";
import { reportOf } from "./data";
import { writePage } from "./file";
import { pageOf } from "./page";

const options = {
  ...sourceOptions,
  html: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

const usage = `Usage: pulumi-vpp report --html FILE [OPTIONS]

Writes one web page that shows libraries as the service has them now: tokens, apps and their licences, people, devices,
and, where a state is given, what no resource declares. The page needs no network. It holds serial numbers and ids of
people, and no e-mail addresses; only its owner can read the file.

Options:
  --html FILE          where to write the page; an older page is replaced at one stroke
${sourceUsage}  --help               show this text

Ends with 0 once the page is written, and with 2 if it is not, or lacks a library that could not be read.
`;

/** `pulumi-vpp report`: writes a page about libraries and changes nothing at the service. */
export async function reportCommand(words: readonly string[]): Promise<void> {
  try {
    const values = parse(words);
    if (values.help) return await print(usage);
    if (!values.html) throw new ExitError(2, "--html FILE is missing: where to write the page");
    const sources = await openSources(values);
    const { declared } = sources;
    const { inventories, unread } = await readEach(sources, { names: true, users: true, licences: true }).finally(
      sources.end,
    );
    for (const each of unread) process.stderr.write(`pulumi-vpp: ${unreadLine(each)}\n`);
    if (unread.length > 0) process.exitCode = 2;
    if (inventories.length === 0) throw new ExitError(2, "no library could be read, so no page was written");
    const reports = inventories.map((inventory) =>
      reportOf(summarize(inventory, { expectDeclared: false, ...(declared && { declared }) })),
    );
    const content = { reports, unread, isCompared: declared !== undefined, version: packageVersion(), now: new Date() };
    await writePage(values.html, pageOf(content));
    await print(`wrote ${printable(withoutSecrets(values.html))}\n`);
  } catch (error) {
    throw asExit("report", "no page was written", error);
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ExitError(2, `${(error as Error).message.split(/\.\s|\.?\n/)[0]}; "report --help" lists the options`);
  }
}
