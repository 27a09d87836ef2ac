import type { Context } from "../../../engine/kind";
import type { UserSetState } from "./types";

/** Those of a state's members whom this stack has registered: by the state, or by what a run that was cut off has left behind. */
export function registeredMembers({ run }: Context, { token, members }: UserSetState): string[] {
  return members
    .filter(
      ({ clientUserId, registeredByUs }) => registeredByUs || run.files.wasRegistered(token.bindingId, clientUserId),
    )
    .map(({ clientUserId }) => clientUserId);
}
