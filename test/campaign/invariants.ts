import type { Chronicle } from "./chronicle";
import { leftBehind } from "./destroyInvariants";
import type { Observed } from "./observed";
import { falseConflicts, falseShortages, missedConflicts, missedShortages } from "./refusalInvariants";
import {
  givenBeyondProgram,
  releasedMarks,
  retiredBeyondProgram,
  rivals,
  takenBeyondProgram,
  writesWithoutLeave,
} from "./requestInvariants";
import { falseRunBrake, runBrake } from "./runBrakeInvariants";
import type { Service } from "./service";
import { brakes, falseClaims, overdrawn, words } from "./stateInvariants";

/** What one command did that it must not do, in words. */
export function violations(service: Service, chronicle: Chronicle, seen: Observed): string[] {
  return [
    ...writesWithoutLeave(seen),
    ...givenBeyondProgram(service, seen),
    ...takenBeyondProgram(service, chronicle, seen),
    ...retiredBeyondProgram(service, chronicle, seen),
    ...brakes(service, seen),
    ...rivals(service, seen),
    ...releasedMarks(service, seen),
    ...falseClaims(service, chronicle, seen),
    ...leftBehind(service, chronicle, seen),
    ...overdrawn(seen),
    ...words(seen),
    ...falseShortages(service, seen),
    ...missedShortages(service, seen),
    ...falseConflicts(seen),
    ...missedConflicts(seen),
    ...runBrake(service, seen),
    ...falseRunBrake(chronicle, seen),
  ];
}
