import { writeLibraries } from "../library-file/write";
import { libraryOf } from "./bodies";
import type { ControlContext } from "./context";

/** GET library: the libraries, or the one that is named, as a library file that can be loaded again. */
export function showLibrary({ world }: ControlContext, query: { library?: string }): object {
  return writeLibraries(world, query.library === undefined ? world.libraries() : [libraryOf(world, query)]);
}
