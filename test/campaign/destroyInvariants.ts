import type { Properties } from "../engine/values";
import type { Chronicle } from "./chronicle";
import type { Observed } from "./observed";
import { book } from "./programs";
import { pairsIn, type Service } from "./service";
import { claimed, nameOf } from "./stateReading";

/** A destroy that succeeds has taken back what the state said is there: that a list lacks it is no sign that it is gone. */
export function leftBehind(service: Service, chronicle: Chronicle, seen: Observed): string[] {
  const { step, outcome, stateBefore, after, hasOddListsAtMost, wasDisturbed } = seen;
  if (step !== "destroy" || !outcome.ok || !hasOddListsAtMost || wasDisturbed) return [];
  return stateBefore
    .filter(({ type, outputs }) => type.endsWith("VppAssignment") && outputs.reclaim !== false)
    .flatMap((old) => {
      const library = service.libraryNumber((old.outputs.token as Properties | undefined)?.libraryId as string);
      const [there, { stuck }] = [pairsIn(after[library]!), chronicle.libraries[library]!];
      return claimed(old)
        .filter((pair) => there.has(pair) && !pair.startsWith(`${book} `) && !stuck.has(pair))
        .map((pair) => `${nameOf(old)} is destroyed, and ${pair} is still there`);
    });
}
