import type { Context } from "../../../engine/kind";
import type { Library } from "../../library/library";

/** Tells before the first mark is written that somebody has assigned licences in a library that nobody has marked. Reads the apps, once in a run. */
export async function noteLivingLibrary(context: Context, library: Library): Promise<void> {
  const { assignedCount } = await library.assets();
  if (assignedCount === 0) return;
  context.note(
    "living",
    `nobody had marked this library, yet ${assignedCount} of its licences are assigned. If another service manages it, stop that service or set managedBy.`,
  );
}
