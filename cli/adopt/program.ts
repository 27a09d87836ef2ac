import { holderName } from "../../provider/apple/library/ownership/ownershipMarker";
import type { Holder } from "../../provider/apple/resources/token/types";
import { devicesCsv, idsCsv, peopleCsv } from "./csv";
import { type AdoptedApp, type AdoptedAssignment, type AdoptedLibrary, livesBeside } from "./model";
import { commented, listed, quoted, record } from "./source";

/** Longer lists than this are in files of their own. */
export const longestInline = 30;

/** Files of a project, by their paths in it. */
export type Files = Map<string, string>;

type Property = readonly [name: string, value: string];

/** Writes the program of one library into `files`, with the lists that are too long for it. */
export function writeProgram(adopted: AdoptedLibrary, path: string, lists: string, files: Files): void {
  const readers = new Set<string>();
  const kept = (reader: string, name: string, text: string): string => {
    readers.add(reader);
    files.set(`${lists}/${name}.csv`, text);
    return `${reader}(${quoted(`${lists}/${name}.csv`)})`;
  };
  const { inventory, apps, people, assignments } = adopted;
  const parts = [
    [
      `// ${commented(inventory.title)}, library ${commented(adopted.libraryId)}, as \`pulumi-vpp adopt\` found it on ` +
        `${inventory.readAt.toISOString().slice(0, 10)}.`,
      "// From here on this file is yours: what stands here is what `pulumi up` makes true.",
    ],
    tokenOf(adopted),
    ...(apps.length > 0 ? [[...aboutApps(apps), ...apps.map(appOf)]] : []),
    ...(people.length > 0 ? [peopleOf(adopted, kept)] : []),
    ...assignments.map((assignment) => [assignmentOf(assignment, adopted, kept)]),
  ];
  const imports = [
    'import * as vpp from "pulumi-vpp";',
    ...(readers.size > 0 ? [`import { ${[...readers].sort().join(", ")} } from "./lists";`] : []),
  ];
  files.set(path, [imports, ...parts].map((lines) => `${lines.join("\n")}\n`).join("\n"));
}

function tokenOf(library: AdoptedLibrary): string[] {
  const { tokenName, contentTokenKey, inventory, holder } = library;
  const properties: Property[] = [
    ...(contentTokenKey === "default" ? [] : [["contentTokenKey", quoted(contentTokenKey)] as const]),
    ["displayName", quoted([...inventory.title].slice(0, 255).join(""))],
  ];
  const start = `const token = new vpp.VppToken(${quoted(tokenName)}, `;
  // A program that has lost everything, its VppToken too, checks nothing: then Pulumi itself has to stop.
  const end = ", { protect: true });";
  if (holder === undefined || !(library.isTakenOver || livesBeside(library)))
    return [`${start}${record(properties, 0, start.length + end.length)}${end}`];
  const lines = [
    ...properties.map(([name, value]) => `${name}: ${value},`),
    ...aboutHolder(library, holder).map((text) => `// ${text}`),
    `${library.isTakenOver ? "takeOverFrom" : "managedBy"}: ${quoted(holder.id)},`,
  ];
  return [`${start}{`, ...lines.map((line) => `  ${line}`), `}${end}`];
}

/** What the program says of the mark that it names. */
function aboutHolder({ isTakenOver, isOwn }: AdoptedLibrary, holder: Holder): string[] {
  const who = commented(holderName(holder));
  if (isOwn)
    return [
      `${who} is this stack's own mark, from before its state was lost.`,
      "The line below lets the library be bound again; remove it after the first `pulumi up`.",
    ];
  if (isTakenOver)
    return [
      `${who} held the library. Stop that service before the first \`pulumi up\`.`,
      "The line below lets the library be taken over from it, once; remove it when that is done.",
    ];
  return [
    `${who} manages this library and goes on doing so: no mark is written over its own,`,
    "and with `reclaim: false` below, what leaves this program is left as it is.",
  ];
}

function aboutApps(apps: readonly AdoptedApp[]): string[] {
  const hasBooks = apps.some(({ asset }) => asset.productType === "Book");
  return [
    "// What the library owns. Nothing is written for it: it tells what there is, and how much of it is free.",
    ...(hasBooks ? ["// Books go to people only and can't be taken back."] : []),
  ];
}

function appOf({ asset, name, constant }: AdoptedApp): string {
  const pricing = asset.pricingParam === "STDQ" ? "" : `, pricingParam: ${quoted(asset.pricingParam)}`;
  const what = asset.productType === "Book" ? " // a book" : "";
  return `const ${constant} = new vpp.VppApp(${quoted(name)}, { token, adamId: ${quoted(asset.adamId)}${pricing} });${what}`;
}

type Kept = (reader: string, name: string, text: string) => string;

function reclaimOf(library: AdoptedLibrary): Property[] {
  return livesBeside(library) ? [["reclaim", "false"]] : [];
}

function peopleOf(adopted: AdoptedLibrary, kept: Kept): string[] {
  const { people, peopleName } = adopted;
  const rows = people.map(({ clientUserId, email }) => {
    const address = email === undefined ? "" : `, email: ${quoted(email)}`;
    return `    { clientUserId: ${quoted(clientUserId)}${address} },\n`;
  });
  const users =
    people.length > longestInline ? kept("readPeople", "people", peopleCsv(people)) : `[\n${rows.join("")}  ]`;
  const properties = record([["token", "token"], ["users", users], ...reclaimOf(adopted)], 0, 60);
  return [
    "// Who was registered already is never retired by this resource.",
    `const people = new vpp.VppUserSet(${quoted(peopleName)}, ${properties});`,
  ];
}

function assignmentOf(assignment: AdoptedAssignment, adopted: AdoptedLibrary, kept: Kept): string {
  const { name, apps, serialNumbers, clientUserIds } = assignment;
  const hasBoth = serialNumbers !== undefined && clientUserIds !== undefined;
  const isEverybody = clientUserIds?.length === adopted.people.length;
  const given = (property: string, items: readonly string[]): Property => [
    property,
    listed(items, 2, `${property}: ,`.length),
  ];
  const properties: Property[] = [
    ["token", "token"],
    given(
      "apps",
      apps.map(({ constant }) => constant),
    ),
  ];
  if (serialNumbers !== undefined) {
    const file = hasBoth ? `${name}.devices` : name;
    properties.push(
      serialNumbers.length > longestInline
        ? ["serialNumbers", kept("readDevices", file, devicesCsv(serialNumbers))]
        : given("serialNumbers", serialNumbers.map(quoted)),
    );
  }
  if (isEverybody) {
    properties.push(["clientUserIds", "people.clientUserIds"]);
  } else if (clientUserIds !== undefined) {
    const file = hasBoth ? `${name}.people` : name;
    properties.push(
      clientUserIds.length > longestInline
        ? ["clientUserIds", kept("readIds", file, idsCsv(clientUserIds))]
        : given("clientUserIds", clientUserIds.map(quoted)),
    );
  }
  // People must be registered before they are licensed. Ids that come from the set say so themselves.
  const options = clientUserIds !== undefined && !isEverybody ? ", { dependsOn: people }" : "";
  const inputs = record([...properties, ...reclaimOf(adopted)], 0, 30 + name.length + options.length);
  return `new vpp.VppAssignment(${quoted(name)}, ${inputs}${options});`;
}
