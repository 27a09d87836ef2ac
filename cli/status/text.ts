import { isDead } from "../../inventory/read";
import type { Holding, InventoryApp } from "../../inventory/types";
import { failureLine } from "../failures";
import type { Unread } from "../libraries";
import { bar, cutTo, pad, printable, type Screen, widthOf, wrap } from "../terminal";
import { isUnlimited, many, nameOf, type Summary } from "./summary";

/** As many of a list as a person reads; the whole of it is in --json and --csv. */
const shownOfList = 5;

const howToDecrypt = "Use --stack, or export the state with `pulumi stack export --show-secrets`.";

/** All libraries for people, on lines that fit the screen. */
export function textOf(summaries: readonly Summary[], screen: Screen): string {
  const blocks = [...summaries.map((summary) => libraryLines(summary, screen)), concernLines(summaries, screen)];
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return shown.length === 0 ? "" : `${shown.join("\n\n")}\n`;
}

/** The line for a library that could not be read. */
export function unreadLine({ contentTokenKey, libraryId, error }: Unread): string {
  const subject = `library ${libraryId === undefined ? "" : `${libraryId} `}of content token ${contentTokenKey}`;
  return failureLine(subject, "can't be read", error);
}

function libraryLines(summary: Summary, screen: Screen): string[] {
  const { inventory, people } = summary;
  const id = inventory.libraryId === undefined ? "" : ` (library ${inventory.libraryId})`;
  const title = cutTo(printable(inventory.title), screen.columns - widthOf(id));
  const { invited = 0, accepted = 0, other = 0 } = people ?? {};
  const others = other > 0 ? `, ${other} with another status` : "";
  return [
    screen.style("bold", title) + id,
    ...labelled("Token", tokenText(summary), screen, tokenStyle(summary)),
    ...(inventory.token.holder ? labelled("Held by", holderText(summary), screen) : []),
    ...(people
      ? labelled("People", `${invited + accepted + other}: ${invited} invited, ${accepted} accepted${others}`, screen)
      : []),
    ...holdingLines(summary, screen),
    ...appLines(summary, screen),
    ...undeclaredLines(summary, screen),
    ...unknownLines(summary, screen),
  ];
}

function labelled(
  label: string,
  text: string,
  screen: Screen,
  style: Parameters<Screen["style"]>[0] = "reset",
): string[] {
  // A non-breaking space keeps words on one line, and is copied from a terminal as something else than a space.
  const [first = "", ...rest] = wrap(printable(text), screen.columns - 11).map((line) =>
    line.replaceAll("\u00a0", " "),
  );
  const styled = (line: string): string => (style === "reset" ? line : screen.style(style, line));
  return [`  ${pad(label, 9)}${styled(first)}`, ...rest.map((line) => `${" ".repeat(11)}${styled(line)}`)];
}

function tokenText({ inventory }: Summary): string {
  const { status, expiresAt, daysLeft } = inventory.token;
  const date = expiresAt.toISOString().slice(0, 10);
  if (status === "expired") return `expired on ${date}; nothing could be read`;
  if (status === "refused") return "not known to the service; nothing could be read";
  if (isDead(inventory)) return "revoked; nothing could be read";
  const left = daysLeft < 1 ? "less than a day left" : `${many(daysLeft, "day")} left`;
  return `${status === "expiring" ? "expiring: " : ""}valid until ${date}, ${left}`;
}

function tokenStyle({ inventory, concerns }: Summary): Parameters<Screen["style"]>[0] {
  if (isDead(inventory)) return "red";
  return concerns.some(({ reason }) => reason === "token") ? "yellow" : "reset";
}

function holderText({ inventory }: Summary): string {
  const { id, name } = inventory.token.holder!;
  return `${name} (id\u00a0${id})${inventory.token.status === "heldByAnother" ? ", not what the state expects" : ""}`;
}

const countColumns = 9;
const leastBar = 10;

function appLines({ inventory, apps }: Summary, screen: Screen): string[] {
  if (isDead(inventory) || apps === undefined || inventory.apps.length === 0) return [];
  if (apps.length === 0) return ["", "  No app is concerned."];
  const free = screen.columns - 2 - 3 * countColumns - 2;
  const longest = Math.max(...apps.map((app) => widthOf(printable(nameOf(app)))), "App".length);
  const name = Math.min(longest, free - leastBar);
  const barColumns = Math.min(40, free - name);
  const row = (app: InventoryApp): string => {
    const { totalCount, assignedCount, availableCount } = app;
    const counts = isUnlimited(app) ? ["no end", assignedCount, "no end"] : [totalCount, assignedCount, availableCount];
    const numbers = counts.map((count) => pad(`${count}`, countColumns, "right")).join("");
    const filled = isUnlimited(app) ? "" : bar(assignedCount, totalCount, barColumns);
    return `  ${pad(cutTo(printable(nameOf(app)), name), name)}${numbers}  ${colourOf(app, screen)(filled)}`.trimEnd();
  };
  const header = `  ${pad("App", name)}${["Bought", "Used", "Free"].map((each) => pad(each, countColumns, "right")).join("")}`;
  return ["", screen.style("dim", header), ...apps.map(row)];
}

/** Few left is worth a look, none left is worth another; the numbers say it without colour, too. */
function colourOf(app: InventoryApp, screen: Screen): (text: string) => string {
  const isScarce = app.availableCount * 20 < app.totalCount;
  return (text) =>
    text === "" ? "" : screen.style(isScarce ? (app.availableCount > 0 ? "yellow" : "red") : "green", text);
}

function holdingLines({ inventory, isDeclared }: Summary, screen: Screen): string[] {
  const names = new Map(inventory.apps.map((app) => [app.key, nameOf(app)]));
  return (inventory.holdings ?? []).flatMap((holding) => {
    const lines = [...holding.apps]
      .map((key) => {
        const note = isDeclared && !isDeclared(holding.kind, key, holding.target) ? ", declared by no resource" : "";
        return `${names.get(key) ?? `app ${key}`}${note}`;
      })
      .sort((a, b) => a.localeCompare(b));
    const holds = holding.apps.length === 0 ? "no licence" : many(holding.apps.length, "licence");
    return [
      "",
      ...wrap(`  ${printable(`${holdingTitle(holding)}: ${holds}`)}`, screen.columns, "    "),
      ...lines.flatMap((line) => wrap(`    ${printable(line)}`, screen.columns, "      ")),
    ];
  });
}

function holdingTitle({ kind, target, status }: Holding): string {
  if (kind === "device") return `Device ${target}`;
  const known = status === "Registered" ? "invited" : status === "Associated" ? "accepted" : `status ${status}`;
  const standing = status === undefined ? "not registered" : known;
  return `Person ${target} (${standing})`;
}

function undeclaredLines({ inventory, undeclared, unreadableSets }: Summary, screen: Screen): string[] {
  if (undeclared === undefined) return [];
  const { count, devices, users, serialNumbers, clientUserIds, unreadable } = undeclared;
  const title = ["", `  ${screen.style("bold", "Declared by no resource")}`];
  if (unreadable.length > 0) {
    const text = `not known, since the state holds the targets of ${listed(unreadable)} encrypted. ${howToDecrypt}`;
    return [...title, ...bulleted(text, screen)];
  }
  const apps = inventory.apps.flatMap((app) => {
    const targets = [...(devices.get(app.key) ?? []), ...(users.get(app.key) ?? [])];
    return targets.length === 0 ? [] : [{ name: nameOf(app), targets }];
  });
  const mostFirst = apps.sort((a, b) => b.targets.length - a.targets.length);
  const rest = mostFirst.slice(shownOfList).reduce((sum, { targets }) => sum + targets.length, 0);
  return [
    ...title,
    ...bulleted(count === 0 ? "no licence" : `${many(count, "licence")} of ${many(apps.length, "app")}`, screen),
    ...mostFirst
      .slice(0, shownOfList)
      .flatMap(({ name, targets }) => bulleted(`  ${name}: ${targets.length} (${listed(targets)})`, screen)),
    ...(rest > 0 ? bulleted(`  ${many(apps.length - shownOfList, "app")} more: ${rest}`, screen) : []),
    ...bulleted(counted(serialNumbers, "serial number"), screen),
    ...(clientUserIds ? bulleted(counted(clientUserIds, "person", "people"), screen) : []),
    ...(unreadableSets.length > 0
      ? bulleted(
          `people: not known, since the state holds those of ${listed(unreadableSets)} encrypted. ${howToDecrypt}`,
          screen,
        )
      : []),
  ];
}

function unknownLines({ unknownSerials }: Summary, screen: Screen): string[] {
  if (unknownSerials === undefined) return [];
  const text = counted(unknownSerials, "licensed serial number");
  return ["", `  ${screen.style("bold", "Not in the list of known devices")}`, ...bulleted(text, screen)];
}

function counted(list: readonly string[], one: string, several = `${one}s`): string {
  return list.length === 0 ? `no ${one}` : `${many(list.length, one, several)}: ${listed(list)}`;
}

/** The first of a list, and how many more there are. */
function listed(list: readonly string[]): string {
  const more = list.length > shownOfList ? ` and ${list.length - shownOfList} more` : "";
  return list.slice(0, shownOfList).join(", ") + more;
}

function bulleted(text: string, screen: Screen): string[] {
  const depth = text.startsWith("  ") ? "      " : "    ";
  return wrap(depth + printable(text), screen.columns, `${depth}  `);
}

function concernLines(summaries: readonly Summary[], screen: Screen): string[] {
  const lines = summaries.flatMap(({ inventory, concerns }) =>
    concerns.flatMap(({ text }) => wrap(printable(`${inventory.title}: ${text}`), screen.columns - 2, "  ")),
  );
  return lines.length === 0
    ? []
    : [screen.style(["bold", "yellow"], "Needs a person"), ...lines.map((line) => `  ${line}`)];
}
