import type { Library } from "../../provider/apple/library/library";
import { type AppInputs, stateOf } from "../../provider/apple/resources/app";
import { countsOf, pendingCount } from "../../provider/apple/resources/assignment/counts";
import type { AssignmentInputs, AssignmentState } from "../../provider/apple/resources/assignment/types";
import type { TokenRef } from "../../provider/apple/resources/tokenRef";
import { membersOf } from "../../provider/apple/resources/userSet/members";
import type { UserSetInputs, UserSetState } from "../../provider/apple/resources/userSet/types";
import { type ProviderExport, providerText } from "../../sdk/apple/providerText";
import { type AdoptedLibrary, livesBeside } from "./model";

/** One resource of an import file, which Pulumi takes as it is, without reading anything. */
export interface ImportedResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The engine's marks around a secret that stands in clear; on import it encrypts what they hold. */
const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

const kinds = { VppApp: "vppApp", VppUserSet: "vppUserSet", VppAssignment: "vppAssignment" } as const;

/** What `token` is in the inputs of everything in a library, once the VppToken is bound by this mark. */
export function tokenRefOf(library: AdoptedLibrary, bindingId: string): TokenRef {
  const { libraryId, contentTokenKey, holder } = library;
  return { libraryId, contentTokenKey, bindingId, ...(livesBeside(library) && { managedBy: holder!.id }) };
}

/**
 * The resources of a library as the engine's state would hold them after an `up` of the program that found everything in place. The VppToken
 * is not among them: it is created by the first `up`, since only that writes the mark. Nothing here is ours to retire or to take back by itself.
 */
export async function importedResources(
  adopted: AdoptedLibrary,
  token: TokenRef,
  library: Library,
): Promise<ImportedResource[]> {
  const { libraryId, inventory, apps, people, peopleName, records, assignments } = adopted;
  const reclaim = token.managedBy === undefined;
  const readAt = inventory.readAt.toISOString();
  const resources = apps.map(({ name, asset }) => {
    const { adamId, pricingParam } = asset;
    const inputs: AppInputs = { token, adamId, pricingParam };
    const state = stateOf(inputs, asset, inventory.readAt.getTime(), asset);
    return resource("VppApp", name, `${libraryId}/app/${adamId}-${pricingParam}`, inputs, state);
  });
  if (people.length > 0) {
    const inputs: UserSetInputs = { token, users: people, reclaim };
    const seen = await membersOf(
      library,
      people,
      (id) => records.get(id),
      () => false,
    );
    const state: UserSetState = { ...inputs, ...seen, lastSyncedAt: readAt };
    const hidden = { ...inputs, users: secret(people) };
    const outputs = { ...state, users: secret(people), members: secret(state.members) };
    resources.push(resource("VppUserSet", peopleName, `${libraryId}/users/${peopleName}`, hidden, outputs));
  }
  for (const { name, apps: given, serialNumbers, clientUserIds } of assignments) {
    const inputs: AssignmentInputs = {
      token,
      apps: given.map(({ asset: { adamId, pricingParam } }) => ({ adamId, pricingParam })),
      ...(serialNumbers && { serialNumbers }),
      ...(clientUserIds && { clientUserIds }),
      intent: "required",
      exclusive: false,
      reclaim,
    };
    const pairs = given.length * ((serialNumbers?.length ?? 0) + (clientUserIds?.length ?? 0));
    const state: AssignmentState = {
      ...inputs,
      ...countsOf(inputs, pairs, [], [], 0),
      pendingCount: await pendingCount(library, inputs, new Set()),
      lastSyncedAt: readAt,
    };
    resources.push(resource("VppAssignment", name, `${libraryId}/assignment/${name}`, inputs, state));
  }
  return resources;
}

function resource(
  kind: keyof typeof kinds,
  name: string,
  id: string,
  inputs: object,
  outputs: object,
): ImportedResource {
  const __provider = providerText(kinds[kind] satisfies ProviderExport);
  return {
    type: `pulumi-nodejs:dynamic/vpp:${kind}`,
    name,
    id,
    inputs: { ...inputs, __provider },
    outputs: { ...outputs, __provider },
  };
}

function secret(value: unknown): object {
  return { [signature]: secretMark, plaintext: JSON.stringify(value) };
}
