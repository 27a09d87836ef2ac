import { countDeclared, type LibraryCounts } from "../../plan/declaredCounts";
import type { Plan } from "../../plan/planReader";
import type { Run } from "../library/run";
import { type LimitName, limitOf } from "./changeLimit";

/** One library of the run: its id, and the token keys under which the program means it. */
export interface RunLibrary {
  readonly libraryId: string;
  readonly keys: ReadonlySet<string>;
}

const counted = new WeakMap<Plan, { readonly version: number; readonly byKeys: Map<string, LibraryCounts> }>();

/** What the program requires under these keys, counted once for what the plan holds by now. */
export function requiredNow(plan: Plan, keys: ReadonlySet<string>): LibraryCounts {
  let kept = counted.get(plan);
  if (kept?.version !== plan.version) kept = { version: plan.version, byKeys: new Map() };
  counted.set(plan, kept);
  const slot = JSON.stringify([...keys].sort());
  const counts =
    kept.byKeys.get(slot) ??
    countDeclared(
      [...keys].flatMap((key) => [...plan.assignmentsOf(key)]),
      [...keys].flatMap((key) => plan.userSetsOf(key)),
      false,
    );
  kept.byKeys.set(slot, counts);
  return counts;
}

/** How much one run may take back in a library because resources leave the program: `of` is what plan and deletes hold together. */
export function runLimit(run: Run, { libraryId, keys }: RunLibrary, property: LimitName, of: number): number {
  return limitOf(property, bindingOf(run, { libraryId, keys })?.[property] ?? run.limits[property](), of);
}

/** How somebody who means it says so. */
export function wayToAllow(run: Run, library: RunLibrary, property: LimitName, count: number): string {
  const name = bindingOf(run, library)?.name;
  const setting = `\`pulumi config set vpp:${property} ${count}\``;
  const way =
    name === undefined
      ? `run ${setting} for this run`
      : `set ${property}: ${count} on VppToken ${name} for this run, or run ${setting}`;
  return `If it is not meant, put back what was taken out: a list may have come in short. If it is meant, ${way}, and remove it afterwards.`;
}

/** What the VppToken of a library says: what was checked of it, or else its line of the plan. */
function bindingOf(
  run: Run,
  { libraryId, keys }: RunLibrary,
): { readonly name: string; readonly maxRevocations?: number; readonly maxRetirements?: number } | undefined {
  return run.bindings.get(libraryId) ?? run.plan?.declaredTokens.find(({ key }) => keys.has(key));
}
