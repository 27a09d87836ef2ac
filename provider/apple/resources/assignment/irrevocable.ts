import type { Context } from "../../../engine/kind";
import { redact } from "../../../redact";
import type { Library } from "../../library/library";
import { type AssetTable, assetOfKey } from "../../library/readings/assets";
import type { Work } from "./changeSet";
import { changeOf, kinds } from "./shape";
import type { AssignmentInputs, AssignmentState } from "./types";

/** Says, before a book is given, that this is for good. */
export async function noteLasting(
  context: Context,
  library: Library,
  works: readonly Work[],
  assets: AssetTable,
): Promise<void> {
  const gives = works.flatMap(({ give }) => [...give.values()].flat());
  const lasting = [...new Set(gives)].filter((app) => assets.get(app)?.revocable === false);
  if (lasting.length === 0) return;
  const names = await namesOf(library, lasting);
  context.note("irrevocable", `${names} can't be taken back once given: a book stays with its reader.`);
}

/** Says what is dropped and stays all the same: a book, or what the library no longer owns. */
export async function noteStaying(
  context: Context,
  library: Library,
  inputs: AssignmentInputs,
  before: AssignmentState,
  assets: AssetTable,
): Promise<void> {
  const dropped = kinds.flatMap((kind) => changeOf(before, inputs, kind).dropped.flatMap(({ apps }) => apps));
  const staying = [...new Set(dropped)].filter((app) => assets.get(app)?.revocable !== true);
  if (staying.length === 0) return;
  const why = "can't be taken back (a book, or no longer in the library): it stays as it is";
  context.note("staying", `${await namesOf(library, staying)} left the program but ${why}.`);
}

/** Products by name and number, as far as their names can be had. */
export async function namesOf(library: Library, apps: readonly string[]): Promise<string> {
  const ids = apps.map((app) => assetOfKey(app).adamId);
  const names = await library.names.lookUp(ids);
  const shown = ids.map((id) => {
    const displayName = names.get(id)?.displayName;
    return displayName ? `${redact(displayName)} (${id})` : `app ${id}`;
  });
  return [...new Set(shown)].join(", ");
}
