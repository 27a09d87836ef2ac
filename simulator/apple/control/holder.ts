import type { MdmInfo } from "../core/library-data";
import { type LibraryBody, libraryOf } from "./bodies";
import type { ControlContext } from "./context";

/** The body of POST holder. */
export interface HolderBody extends LibraryBody {
  readonly mdmInfo: (Omit<MdmInfo, "metadata"> & { readonly metadata?: string }) | null;
}

/** POST holder: another service writes its mark, or the mark is cleared. */
export function controlHolder({ world }: ControlContext, body: HolderBody): object {
  const library = libraryOf(world, body);
  library.mdmInfo = body.mdmInfo === null ? undefined : { metadata: "", ...body.mdmInfo };
  return { library: library.identity.libraryId, mdmInfo: library.mdmInfo ?? null };
}
