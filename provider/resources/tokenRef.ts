import type { LibraryRef } from "../library/library";

/** How a resource names its library in its inputs. */
export type TokenRef = LibraryRef;

/** The last part of an id that we have made: the resource's name at its creation. */
export function nameInId(id: string): string {
  return id.split("/").slice(2).join("/") || id;
}
