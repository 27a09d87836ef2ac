import type { LibraryRef } from "../library/library";
import { hasUnknown } from "../unknown";

/** How a resource names its library in its inputs. */
export type TokenRef = LibraryRef;

/** Whether the library can be asked already: in a preview its id may still be unknown. */
export function isKnownRef(token: TokenRef): boolean {
  return !hasUnknown(token);
}

/** The last part of an id that we have made: the resource's name at its creation. */
export function nameInId(id: string): string {
  return id.split("/").slice(2).join("/") || id;
}
