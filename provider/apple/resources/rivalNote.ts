import type { Context } from "../../engine/kind";
import type { LibraryRef } from "../library/library";
import { holderName } from "../library/ownership/ownershipMarker";
import { heldByAnother } from "../library/ownership/refusals";

/**
 * Says that another service has put its mark on the library while a resource was written: what the service had accepted is done, and only the next
 * write would be refused, so nothing else tells. Once for each library and run.
 */
export function noteRival(context: Context, token: LibraryRef | undefined): void {
  if (token === undefined || context.run.rivalTold.has(token.libraryId)) return;
  const ref = context.run.refNow(token);
  const rival = context.libraries.open(ref).rivalOf(ref);
  if (rival === undefined) return;
  context.run.rivalTold.add(token.libraryId);
  const what = `the library now bears the mark of another service, ${holderName(rival)}. What was written is done; the next write is refused.`;
  context.note("rival", `${what} ${heldByAnother(rival).details.remedy}`);
}
