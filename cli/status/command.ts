import type { Wanted } from "../../inventory/types";
import { asExit } from "../failures";
import { readKnownSerials } from "../knownSerials";
import { readEach } from "../libraries";
import { print } from "../print";
import { openSources } from "../sources";
import { printableJson, screenOf } from "../terminal";
import { appFilter, refuseUnknownApps } from "./appFilter";
import { parseStatusOptions, type StatusOptions, statusUsage } from "./options";
import { csvOf, jsonOf } from "./records";
import { isExpiring, summarize } from "./summary";
import { textOf, unreadLine } from "./text";

/** `pulumi-vpp status`: shows libraries and changes nothing. Sets the exit code for whoever watches. */
export async function statusCommand(words: readonly string[]): Promise<void> {
  try {
    const options = parseStatusOptions(words);
    if (options.isHelp) await print(statusUsage);
    else process.exitCode = await status(options);
  } catch (error) {
    throw asExit("status", "nothing was shown", error);
  }
}

async function status(options: StatusOptions): Promise<0 | 1 | 2> {
  const { apps, expiringDays, freeBelow, expectDeclared, knownSerialsFile, format } = options;
  const knownSerials = knownSerialsFile === undefined ? undefined : await readKnownSerials(knownSerialsFile);
  const sources = await openSources(options.sources);
  const { declared } = sources;
  const isNamed = appFilter(apps);
  const { inventories, unread } = await readEach(sources, wantedBy(options, declared !== undefined)).finally(
    sources.end,
  );
  if (unread.length === 0) refuseUnknownApps(apps, inventories);
  const summaries = inventories
    .filter((inventory) => expiringDays === undefined || isExpiring(inventory, expiringDays))
    .map((inventory) =>
      summarize(inventory, {
        expectDeclared,
        showsApps: !isAboutTargets(options),
        ...(isNamed && { isNamed }),
        ...(freeBelow && { freeBelow }),
        ...(expiringDays !== undefined && { expiringDays }),
        ...(knownSerials && { knownSerials }),
        ...(declared && { declared }),
      }),
    );
  if (format === "json") await print(`${printableJson(jsonOf(summaries, unread))}\n`);
  else if (format === "csv") await print(csvOf(summaries, unread));
  else await print(textOf(summaries, screenOf(process.stdout)));
  for (const each of unread) process.stderr.write(`pulumi-vpp: ${unreadLine(each)}\n`);
  if (format === "text" && summaries.length === 0 && unread.length === 0)
    await print("No token is expiring, dead or another's.\n");
  if (unread.length > 0) return 2;
  return summaries.some(({ concerns }) => concerns.length > 0) ? 1 : 0;
}

/** Whether only single devices or people are asked about. */
function isAboutTargets({ apps, freeBelow, serialNumbers, clientUserIds, knownSerialsFile }: StatusOptions): boolean {
  const hasMore = apps.length > 0 || freeBelow !== undefined || knownSerialsFile !== undefined;
  return serialNumbers.length + clientUserIds.length > 0 && !hasMore;
}

/** The least that must be read to show what was asked for. */
export function wantedBy(options: StatusOptions, hasState: boolean): Wanted {
  const { apps, freeBelow, serialNumbers, clientUserIds, expiringDays, knownSerialsFile, expectDeclared } = options;
  const hasTargets = serialNumbers.length + clientUserIds.length > 0;
  const isAboutApps = apps.length > 0 || freeBelow !== undefined;
  const isAboutAll = knownSerialsFile !== undefined || expectDeclared;
  const isAboutTokens = expiringDays !== undefined && !hasTargets && !isAboutApps && !isAboutAll;
  if (isAboutTokens) return { apps: false };
  const isNamed = appFilter(apps);
  // Filters narrow what is compared with the state as well; single targets are compared by themselves.
  const licences = isAboutAll || (hasState && !hasTargets && freeBelow === undefined);
  return {
    names: true,
    users: expectDeclared || (!hasTargets && !isAboutApps),
    licences,
    ...(licences && !isAboutAll && isNamed && { licencesOf: isNamed }),
    ...(hasTargets && { holdingsOf: { serialNumbers, clientUserIds } }),
  };
}
