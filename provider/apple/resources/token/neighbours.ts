import type { CheckContext } from "../../../engine/kind";
import { VppError } from "../../../errors";
import { countDeclared, firmPart } from "../../../plan/declaredCounts";
import type { DeclaredRecord, Neighbour } from "../../../plan/declaredRecord";
import type { Plan } from "../../../plan/planReader";
import { plural } from "../lists";
import { requiredNow, runLimit, wayToAllow } from "../runLimit";

/** How many other libraries each VppToken remembers: of all, two hundred libraries would remember forty thousand. */
const remembered = 8;

/**
 * The libraries that follow this one in a ring of all that the program binds. A VppToken that has left the program is checked no more, so those
 * before it in the ring speak for it. The ring goes by the token keys, since which library a key opens is not known before its own check.
 */
export function neighboursOf(plan: Plan, key: string): Neighbour[] {
  const firm = plan.declaredTokens.filter((token) => plan.isFirm(token));
  const sorted = firm.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const own = sorted.findIndex((token) => token.key === key);
  return [...sorted.slice(own + 1), ...sorted.slice(0, own)].slice(0, remembered).map((token) => {
    const { targetCount, personCount } = totalsOf(plan, token.key);
    return { name: token.name, key: token.key, targetCount, personCount };
  });
}

const totals = new WeakMap<Plan, Map<string, Pick<Neighbour, "targetCount" | "personCount">>>();

/** What is declared before the end of the program stays as it is, so it is counted once, not for each of the eight that remember it. */
function totalsOf(plan: Plan, key: string): Pick<Neighbour, "targetCount" | "personCount"> {
  const byKey = totals.get(plan) ?? new Map<string, Pick<Neighbour, "targetCount" | "personCount">>();
  totals.set(plan, byKey);
  const { assignments, userSets } = firmPart(plan, key);
  const counts = byKey.get(key) ?? countDeclared(assignments, userSets, true);
  byKey.set(key, counts);
  return counts;
}

/** Refuses, or says, that a library leaves the program with its VppToken and all that was declared of it. */
export function refuseLeavingLibraries(context: CheckContext, { neighbours, tokenCount }: DeclaredRecord): void {
  const { run } = context;
  const plan = context.plan!;
  const bound = plan.declaredTokens;
  // A VppToken under another name and another key may bind the same library: then there are as many as before.
  const fewer = tokenCount - bound.length;
  if (fewer <= 0) return;
  const gone = neighbours
    .filter(({ name, key }) => !bound.some((token) => token.name === name || token.key === key))
    .map((neighbour) => ({ neighbour, ...lossOf(plan, neighbour) }))
    .sort((a, b) => a.targets + a.people - (b.targets + b.people))
    .slice(0, fewer);
  for (const { neighbour, targets, people } of gone) {
    const { name, key } = neighbour;
    if (targets + people === 0 || run.librariesLeaving.has(key)) continue;
    const library = { libraryId: "", keys: new Set([key]) };
    const lost = [
      ...(targets > 0 ? [`${plural(targets, "target")} will lose licences`] : []),
      ...(people > 0 ? [`${people} people will be retired, as far as this stack registered them`] : []),
    ];
    const text = `VppToken ${name} leaves the program with what was declared of its library: at least ${lost.join(", and ")}`;
    const most = runLimit(run, library, "maxRevocations", neighbour.targetCount);
    const mostPeople = runLimit(run, library, "maxRetirements", neighbour.personCount);
    const refuse = (limit: number, property: "maxRevocations" | "maxRetirements", count: number): VppError =>
      new VppError("VPP_LIMIT_BRAKE", `${text}, more than one run may do (${limit}); nothing was changed`, {
        remedy: wayToAllow(run, library, property, count),
      });
    if (targets > most) throw refuse(most, "maxRevocations", targets);
    if (people > mostPeople) throw refuse(mostPeople, "maxRetirements", people);
    run.librariesLeaving.add(key);
    context.note(`leaving ${key}`, `${text}.`);
  }
}

function lossOf(plan: Plan, { key, targetCount, personCount }: Neighbour): { targets: number; people: number } {
  const now = requiredNow(plan, new Set([key]));
  return { targets: Math.max(0, targetCount - now.targetCount), people: Math.max(0, personCount - now.personCount) };
}
