import { hasUnknown } from "../../engine/unknown";
import { VppError } from "../../errors";
import type { LibraryRef } from "../library/library";

/** How a resource names its library in its inputs. */
export type TokenRef = LibraryRef;

/**
 * Refuses another library under the same token key: the content token in place was exchanged for one of another library. A VppToken refuses
 * that itself unless it is created anew, by force or under another name; then those who use it still remember. What they have in the library
 * of before could not even be deleted, since the key does not open that library any more. Throws a VppError.
 */
export function refuseOtherLibrary(before: TokenRef | undefined, now: TokenRef): void {
  if (before === undefined || hasUnknown(now) || before.contentTokenKey !== now.contentTokenKey) return;
  if (before.libraryId === now.libraryId) return;
  const why = `the content token of key ${now.contentTokenKey} opens library ${now.libraryId}, but this resource is in library ${before.libraryId}`;
  throw new VppError("VPP_AUTH_OTHER_LIBRARY", why, {
    remedy:
      "Put back a content token of the same organizational unit. " +
      "To move to another library, declare another VppToken with a contentTokenKey of its own.",
  });
}

/** The last part of an id that we have made: the resource's name at its creation. */
export function nameInId(id: string): string {
  return id.split("/").slice(2).join("/") || id;
}
