import { holderName } from "../../provider/apple/library/ownership/ownershipMarker";
import { plural } from "../../provider/apple/resources/lists";
import { redact } from "../../provider/redact";
import { shellQuoted } from "./keys";
import type { AdoptedLibrary } from "./model";
import type { AdoptSettings } from "./settings";

/** The commands that take over what is there, and then show and do the one thing left to do. `placing` puts content tokens in place. */
export function commandsFor(settings: AdoptSettings, placing: readonly string[]): string[] {
  const { folder, typed, stack, organization } = settings;
  const name = organization === "organization" ? stack : `${organization}/${stack}`;
  return [
    ...(folder === process.cwd() ? [] : [`cd ${shellQuoted(typed)}`]),
    "npm install",
    `pulumi stack init ${name}`,
    ...placing,
    "pulumi import --file import.json --generate-code=false --protect=false",
    "pulumi preview",
    "pulumi up",
    "pulumi preview --expect-no-changes",
  ];
}

/** What was read of a library and what becomes of it, a sentence each. */
export function describeLibrary(library: AdoptedLibrary): string[] {
  const { inventory, apps, people, assignments } = library;
  const licences = assignments.reduce(
    (sum, { apps: given, serialNumbers = [], clientUserIds = [] }) =>
      sum + given.length * (serialNumbers.length + clientUserIds.length),
    0,
  );
  const devices = new Set(assignments.flatMap(({ serialNumbers = [] }) => serialNumbers)).size;
  const who = `${plural(devices, "device")} and ${people.length} ${people.length === 1 ? "person" : "people"}`;
  return [
    `${redact(inventory.title)}: ${plural(apps.length, "app")}, ${who}, ${plural(licences, "licence")} in ${plural(assignments.length, "assignment")}.`,
    ...aboutHolder(library),
    ...leftOut(library),
  ];
}

function aboutHolder({ holder, isTakenOver, isOwn }: AdoptedLibrary): string[] {
  if (holder === undefined) return [];
  if (isOwn)
    return [
      `It is bound already by a stack that has or had this name, ${holderName(holder)}. ` +
        (isTakenOver
          ? "`pulumi up` binds it again: make sure that no other state holds it."
          : "`pulumi preview` refuses to bind it once more: manage it from there. Only if that state is lost, run this anew with --take-over."),
    ];
  if (isTakenOver)
    return [
      `It is held by ${holderName(holder)}. Stop that service before \`pulumi up\`, which takes the library over from it.`,
    ];
  const isOurKind = holder.name.startsWith("pulumi-vpp ");
  return [
    `It is held by ${holderName(holder)}, which stays: no mark is written, and nothing that leaves the program is taken back (managedBy, reclaim: false). ` +
      "Let only one of the two give and take an app's licences. To take the library over instead, run this anew with --take-over.",
    ...(isOurKind
      ? [
          "That is another stack of this provider: what both declare, both give and take back. Declare it in one of them.",
        ]
      : []),
  ];
}

function leftOut({ leftOut: { products, people, addresses, licences, retired, unlike } }: AdoptedLibrary): string[] {
  const shown = unlike
    .slice(0, 5)
    .map(({ app, listed }) => `${redact(app.displayName ?? `app ${app.adamId}`)} (${listed} of ${app.assignedCount})`);
  const more = unlike.length > shown.length ? `, and ${unlike.length - shown.length} more` : "";
  return [
    ...(licences > 0
      ? [
          `${plural(licences, "licence")} left out, whose holders are no active people, or have ids that no resource takes: they stay as they are.`,
        ]
      : []),
    ...(retired > 0 ? [`Retired people keep ${plural(retired, "licence")}, which nobody can take back.`] : []),
    ...(people > 0 ? [`${people} of the people left out: no resource takes their ids.`] : []),
    ...(addresses > 0
      ? [`${addresses} of the people adopted without their e-mail address, which no resource takes.`]
      : []),
    ...(products > 0
      ? [`${plural(products, "product")} left out: no resource takes such a number or pricing kind.`]
      : []),
    ...(unlike.length > 0
      ? [
          `The service lists other numbers of licences than it counts: ${shown.join(", ")}${more}. What is listed was adopted.`,
        ]
      : []),
  ];
}

/** The README of the project. */
export function readmeOf(
  libraries: readonly AdoptedLibrary[],
  commands: readonly string[],
  settings: AdoptSettings,
): string {
  const about = libraries.map((library) => {
    const [first = "", ...rest] = describeLibrary(library).map(markdown);
    return [`- ${first}`, ...rest.map((line) => `  ${line}`)].join("\n");
  });
  const { organization, project, stack } = settings;
  return `# ${project}

Written by \`pulumi-vpp adopt\`. It declares what these libraries of Apple's Apps and Books held on ${libraries[0]!.inventory.readAt.toISOString().slice(0, 10)}:

${about.join("\n")}

## Bring it under management

${commands.map((command) => `    ${command}\n`).join("")}
The import asks the service nothing and changes nothing: it writes into the state what was read. The preview then shows one create, that of each
library's \`VppToken\`, whose mark says that this stack manages the library, and nothing else.
\`import.json\` is for the stack \`${organization}/${project}/${stack}\`. Delete it afterwards: it holds people's addresses in clear. In the state they are
encrypted.

To undo it all before \`pulumi up\`, delete the stack with \`pulumi stack rm --force\`: nothing changes at the service.

## Good to know

- Lists in \`lists/\` are the program's: who leaves a list loses the licences at the next \`pulumi up\`, which shows that beforehand.
- Addresses in this folder are personal data. Keep it where only those may read it who may know them.
- Managed Apple Accounts of people can't be read from the service; they stay linked.
- Somebody else's changes since then show in \`pulumi refresh\`.
`;
}

/** A text from outside within a page: nothing in it may become a link or mark-up. */
function markdown(text: string): string {
  return text.replace(/[[\]<>*_|#!]/g, "\\$&");
}
