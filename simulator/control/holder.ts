import type { ControlContext } from "./control";
import type { Input } from "./input";

/** POST holder: another service writes its mark, or the mark is cleared. */
export function controlHolder({ world }: ControlContext, input: Input): object {
  input.only("library", "mdmInfo");
  const library = input.library(world);
  library.mdmInfo = input.mark("mdmInfo");
  return { library: library.identity.libraryId, mdmInfo: library.mdmInfo ?? null };
}
