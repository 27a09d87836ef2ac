import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LibraryEntry } from "../../simulator";
import { root } from "./paths";
import type { CommandResult, TestStack } from "./stack";
import { rival, type World } from "./world";

/** A library with everything that adopt must bear: long and short lists, each kind of person, books, names that are none. */
export function mixedLibrary(serialNumbers: readonly string[]): LibraryEntry {
  const staff = Array.from({ length: 32 }, (_, number) => `staff-${number}`);
  return {
    libraryId: "2049025000431439",
    organizationName: "Contoso",
    locationName: 'Contoso "HQ"',
    countryCode: "DE",
    platform: "enterprisestore",
    domains: ["contoso.example"],
    assets: [
      { adamId: "361285480", name: "Keynote", totalCount: 200, bundleId: "com.apple.Keynote" },
      { adamId: "361285480", pricingParam: "PLUS", name: "Keynote", totalCount: 5 },
      { adamId: "409201541", name: "Pages", unlimited: true },
      { adamId: "1000000001", name: "Field Handbook", productType: "Book", totalCount: 40 },
      { adamId: "1000000002", name: `\`$${"{process.exit()}"}\` */ 見積り`, totalCount: 50, deviceAssignable: false },
      { adamId: "1000000003", name: "1-2-3 Go!", totalCount: 10 },
      { adamId: "1000000004", name: "🚀", totalCount: 10 },
    ],
    users: [
      ...staff.map((clientUserId, number) => ({
        clientUserId,
        email: `${clientUserId}@contoso.example`,
        status: number % 3 === 0 ? ("Registered" as const) : ("Associated" as const),
      })),
      { clientUserId: "=1+1; a, b", status: "Associated" },
      { clientUserId: " 'quoted' ", email: "quoted@contoso.example" },
      { clientUserId: "gone", email: "gone@contoso.example", status: "Retired" },
    ],
    assignments: [
      { adamId: "361285480", serialNumbers: serialNumbers.slice(0, 40) },
      { adamId: "409201541", serialNumbers: serialNumbers.slice(0, 40), clientUserIds: ["staff-3"] },
      { adamId: "361285480", pricingParam: "PLUS", serialNumbers: serialNumbers.slice(40, 43) },
      { adamId: "1000000003", serialNumbers: serialNumbers.slice(40, 43), clientUserIds: [" 'quoted' "] },
      { adamId: "1000000001", clientUserIds: [...staff, "gone"] },
      { adamId: "1000000002", clientUserIds: [...staff, "=1+1; a, b", " 'quoted' "] },
    ],
  };
}

/** A small library that another service manages. */
export function heldLibrary(serialNumbers: readonly string[]): LibraryEntry {
  return {
    libraryId: "2049025000431440",
    organizationName: "Contoso",
    locationName: "Contoso Branch",
    countryCode: "DE",
    mdmInfo: rival,
    assets: [{ adamId: "361285480", name: "Keynote", totalCount: 9 }],
    assignments: [{ adamId: "361285480", serialNumbers }],
  };
}

/** Runs `pulumi-vpp` in a folder. */
export function runOurs(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<Omit<CommandResult, "text">> {
  return new Promise((resolve) => {
    const command = [join(root, "dist/cli/main.js"), ...args];
    execFile(process.execPath, command, { cwd, env, encoding: "utf8" }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** A second library's token, in a file. */
export async function issueToken(world: World, library: string, name: string): Promise<string> {
  const file = world.path(`${name}.vpptoken`);
  await world.act("tokens", { library, action: "issue", name, file });
  return file;
}

/** Makes the stack's folder that of an adopted project, and puts the tokens where the printed commands say. */
export function moveInto(stack: TestStack, folder: string, printed: string): void {
  cpSync(join(stack.folder, folder), stack.folder, { recursive: true });
  for (const [, name, file] of printed.matchAll(/^ {2}export (\w+)=(\S+)$/gm)) stack.env[name!] = file!;
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: object;
  readonly outputs: object;
}

/** Does with `stack import`, which the local engine has, what `import --file` does. */
export async function importWithStack(stack: TestStack): Promise<void> {
  const { resources } = JSON.parse(readFileSync(join(stack.folder, "import.json"), "utf8")) as {
    resources: Resource[];
  };
  const { stdout } = await stack.expect(0, "stack", "export");
  const state = JSON.parse(stdout) as { deployment: { resources?: object[] } };
  const urn = (type: string, name: string): string => `urn:pulumi:dev::${stack.project}::${type}::${name}`;
  const parent = urn("pulumi:pulumi:Stack", `${stack.project}-dev`);
  const provider = urn("pulumi:providers:pulumi-nodejs", "default");
  const providerId = "7a409c40-2bd8-4cef-9856-019585346363";
  state.deployment.resources = [
    { urn: parent, custom: false, type: "pulumi:pulumi:Stack" },
    { urn: provider, custom: true, id: providerId, type: "pulumi:providers:pulumi-nodejs" },
    ...resources.map(({ name, ...resource }) => ({
      ...resource,
      urn: urn(resource.type, name),
      custom: true,
      parent,
      provider: `${provider}::${providerId}`,
    })),
  ];
  writeFileSync(join(stack.folder, "state.json"), JSON.stringify(state));
  await stack.expect(0, "stack", "import", "--file", "state.json");
}
