import type { ResourceState } from "../engine/resource";
import { type AssignmentDecl, pairOf, pairsOf } from "./programs";

export const nameOf = ({ urn }: ResourceState): string => urn.split("::").pop()!;

/** A value in clear, secret or not. */
export function unwrapped(value: unknown): unknown {
  const sealed = value as { ciphertext?: string; plaintext?: string } | undefined;
  if (typeof sealed?.plaintext === "string") return JSON.parse(sealed.plaintext);
  return typeof sealed?.ciphertext === "string"
    ? JSON.parse(Buffer.from(sealed.ciphertext, "base64").toString())
    : value;
}

/** The people of a set of the state. */
export function usersOf({ outputs }: ResourceState): string[] {
  return ((unwrapped(outputs.users) as { clientUserId: string }[] | undefined) ?? []).map(
    ({ clientUserId }) => clientUserId,
  );
}

/** All licences that a resource of the state speaks of. */
export function declaredPairs({ outputs }: ResourceState): string[] {
  const {
    apps = [],
    serialNumbers,
    clientUserIds,
  } = outputs as {
    apps?: { adamId: string }[];
    serialNumbers?: string[];
    clientUserIds?: string[];
  };
  return pairsOf({
    apps: apps.map(({ adamId }) => adamId),
    devices: serialNumbers,
    people: clientUserIds,
  } as unknown as AssignmentDecl);
}

/** The licences that the state says are there. */
export function claimed(resource: ResourceState): string[] {
  const { intent, missing = [] } = resource.outputs as {
    intent?: string;
    missing?: { adamId: string; serialNumber?: string; clientUserId?: string }[];
  };
  if (intent !== "required") return [];
  const lacking = new Set(
    missing.map(({ adamId, serialNumber, clientUserId }) =>
      serialNumber !== undefined ? pairOf(adamId, "device", serialNumber) : pairOf(adamId, "user", clientUserId!),
    ),
  );
  return declaredPairs(resource).filter((pair) => !lacking.has(pair));
}

/** The licences that each resource which stays spoke of, beside what the program says of it now. */
export function predecessorsOf(
  state: readonly ResourceState[],
  assignments: readonly AssignmentDecl[],
): [string[], AssignmentDecl][] {
  return assignments.flatMap((now) =>
    state
      .filter((each) => each.type.endsWith("VppAssignment") && [now.name, now.formerly].includes(nameOf(each)))
      .map((old): [string[], AssignmentDecl] => [declaredPairs(old), now]),
  );
}
