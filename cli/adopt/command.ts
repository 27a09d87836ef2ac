import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDead, readInventories } from "../../inventory/read";
import type { Inventory } from "../../inventory/types";
import { bindingIdOf } from "../../provider/apple/resources/token/bindingId";
import { describeFailure, isVppError, VppError } from "../../provider/errors";
import { ExitError } from "../exit-error";
import { openSources, type Sources } from "../sources";
import { type ImportedResource, importedResources, tokenRefOf } from "./importFile";
import { tokenPlaces } from "./keys";
import { type AdoptedLibrary, adoptLibrary, ProjectNames } from "./model";
import type { Files } from "./program";
import { projectFiles } from "./project";
import { type AdoptSettings, readSettings, refuseFullFolder, usage } from "./settings";
import { commandsFor, describeLibrary, readmeOf } from "./words";

/** `pulumi-vpp adopt`: writes a project that declares what libraries hold, and the file that imports it. */
export async function adoptCommand(words: readonly string[]): Promise<void> {
  const settings = readSettings(words);
  if (settings === undefined) {
    process.stdout.write(usage);
    return;
  }
  try {
    await refuseFullFolder(settings);
    const { files, libraries, commands } = await adopt(settings);
    await writeFiles(settings, files);
    process.stdout.write(resultOf(settings, libraries, commands));
  } catch (error) {
    if (!isVppError(error)) throw error;
    throw new ExitError(1, describeFailure("adopt", "nothing was written", error));
  }
}

/** A project, not written yet. */
export interface Adoption {
  readonly files: Files;
  readonly libraries: readonly AdoptedLibrary[];
  readonly commands: readonly string[];
}

/** Reads the libraries and makes the files of their project, in memory. */
export async function adopt(settings: AdoptSettings, env: NodeJS.ProcessEnv = process.env): Promise<Adoption> {
  const { quiet } = settings;
  const { tokenFiles, keys } = settings;
  const named = { ...(tokenFiles.length > 0 && { "token-file": tokenFiles }), ...(keys.length > 0 && { key: keys }) };
  const sources = await openSources({ ...named, ...(quiet !== undefined && { quiet }) }, env);
  return await adoptAll(settings, sources, env).finally(sources.end);
}

async function adoptAll(settings: AdoptSettings, sources: Sources, env: NodeJS.ProcessEnv): Promise<Adoption> {
  const { organization, project, stack, tokenFiles, takeOver } = settings;
  const { libraries, known } = sources;
  const inventories = await readInventories(libraries, known, { users: true, licences: true, names: true });
  for (const inventory of inventories) refuseDead(inventory);
  const places = tokenPlaces(inventories, tokenFiles, env);
  const names = new ProjectNames(inventories.length > 1);
  const adopted: AdoptedLibrary[] = [];
  const resources: ImportedResource[] = [];
  for (const [index, inventory] of inventories.entries()) {
    const bindingId = bindingIdOf(`${organization}/${project}/${stack}`, inventory.libraryId!);
    const { contentTokenKey } = places[index]!;
    const library = libraries.ofKey(inventory.contentTokenKey);
    const users = await library.activeUsers();
    const declared = adoptLibrary({ inventory, contentTokenKey, users, bindingId, takeOver }, names);
    adopted.push(declared);
    resources.push(...(await importedResources(declared, tokenRefOf(declared, bindingId), library)));
  }
  const files = projectFiles(adopted, settings);
  const commands = commandsFor(
    settings,
    places.flatMap(({ command }) => command ?? []),
  );
  // Others who read this keep their tokens elsewhere.
  const placing = places.map(({ variable }) => `export ${variable}=…`);
  files.set("README.md", readmeOf(adopted, commandsFor({ ...settings, typed: settings.project }, placing), settings));
  files.set(importFile, `${JSON.stringify({ resources }, undefined, 1)}\n`);
  return { files, libraries: adopted, commands };
}

const importFile = "import.json";

function refuseDead(inventory: Inventory): void {
  if (!isDead(inventory)) return;
  const { contentTokenKey, token } = inventory;
  if (token.refusal) throw token.refusal;
  const code = token.status === "expired" ? "VPP_AUTH_TOKEN_EXPIRED" : "VPP_AUTH_TOKEN_REVOKED";
  throw new VppError(code, `the content token of key ${contentTokenKey} is ${token.status}`, {
    remedy: "Download a new content token for the same organizational unit and name that one.",
  });
}

/** Writes the files; the import file holds addresses in clear and is for its owner only. */
async function writeFiles({ folder, typed }: AdoptSettings, files: Files): Promise<void> {
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { flag: "wx", ...(path === importFile && { mode: 0o600 }) });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new VppError("VPP_INPUT_INVALID", `${typed} can't be written (${code})`, {
      what: "the project was not finished",
      remedy: "Remove what is in the folder and run this again.",
    });
  }
}

function resultOf(settings: AdoptSettings, libraries: readonly AdoptedLibrary[], commands: readonly string[]): string {
  const lines = libraries.flatMap(describeLibrary);
  const { organization, project, stack } = settings;
  const creates =
    libraries.length === 1 ? "one create, that of the VppToken" : `${libraries.length} creates, those of the VppTokens`;
  return `${lines.join("\n")}

The project is in ${settings.typed}; nothing was changed at the service. Now type:

${commands.map((command) => `  ${command}\n`).join("")}
The preview shows ${creates}; \`up\` writes our mark and nothing else. ${importFile} is for the stack
${organization}/${project}/${stack}; for another one, run this anew with --organization, --project or --stack. Delete it
when all is done: it holds people's addresses in clear.
`;
}
