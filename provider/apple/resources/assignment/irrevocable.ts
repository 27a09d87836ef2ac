import type { Context } from "../../../engine/kind";
import { redact } from "../../../redact";
import type { Library } from "../../library/library";
import type { Required } from "../../library/planProtection";
import { type AssetTable, assetOfKey } from "../../library/readings/assets";
import { pairsWhere } from "../../library/rectangles";
import { describeTargets } from "../naming";
import type { Work } from "./changeSet";
import { changeOf, kinds } from "./shape";
import type { AssignmentInputs } from "./types";

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
  context.note("irrevocable", `${names} can't be revoked once assigned: a book stays with its reader.`);
}

/** Says what is dropped and stays all the same. Licences of what the library no longer owns are revoked like others. */
export async function noteStaying(
  context: Context,
  library: Library,
  inputs: AssignmentInputs,
  before: Partial<AssignmentInputs>,
  assets: AssetTable,
  required: Required,
): Promise<void> {
  const staying = new Set(stayingApps(before, inputs, assets));
  if (staying.size === 0) return;
  const apps = new Set<string>();
  const who = kinds.flatMap((kind) => {
    const pairs = pairsWhere(
      changeOf(before, inputs, kind).dropped,
      (app, target) => staying.has(app) && !required.pair(app, kind, target),
    );
    for (const app of [...pairs.values()].flat()) apps.add(app);
    return pairs.size > 0 ? [describeTargets([...pairs.keys()], kind)] : [];
  });
  if (who.length === 0) return;
  const fate = `left the program but ${apps.size === 1 ? "stays" : "stay"} with ${who.join(" and ")}`;
  context.note("staying", `${await namesOf(library, [...apps])} ${fate}: can't be revoked, as a book can't.`);
}

/** The apps that an edit drops and that can't be revoked. */
export function stayingApps(before: Partial<AssignmentInputs>, inputs: AssignmentInputs, assets: AssetTable): string[] {
  if (!inputs.reclaim) return [];
  const dropped = kinds.flatMap((kind) => changeOf(before, inputs, kind).dropped.flatMap(({ apps }) => apps));
  return [...new Set(dropped)].filter((app) => !assets.mayBeRevoked(app));
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
