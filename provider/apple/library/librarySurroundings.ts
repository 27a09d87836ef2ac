import type { LibraryRef } from "./libraryRef";
import type { ProductName, StoreNames } from "./readings/storeNames";
import type { Operation, RunFiles } from "./runs/runFiles";

/** What all libraries of a run share, and what tests leave out. */
export interface LibrarySurroundings {
  /** Called before each try of a write; throws if nothing may be sent any more. */
  readonly beforeWrite?: (() => Promise<void>) | undefined;
  /** Where it is noted what was sent. */
  readonly files?: RunFiles | undefined;
  readonly storeNames?: StoreNames | undefined;
  /** The stack that has bound a library in this run, as its mark should name it; undefined if this run has not bound it. */
  readonly stackOf?: ((ref: LibraryRef) => string | undefined) | undefined;
  /** What the stack's state calls an app, if it does. */
  readonly nameInState?: ((libraryId: string, adamId: string) => ProductName | undefined) | undefined;
}

/** Who writes: to whom it is told how far that is, and whose work it is. */
export interface Writer {
  readonly progress: (text: string) => void;
  readonly operation?: Operation | undefined;
}
