import type { PlanLine } from "../../provider/plan/planLines";
import { PlanFile } from "../support/hostPlan";
import type { AssignmentDecl, Program } from "./programs";

/** The user's program while it runs, with the plan that the SDK has written in it. */
export class ProgramProcess {
  private readonly plan: PlanFile;
  private isHearing = true;

  constructor(readonly program: Program) {
    this.plan = new PlanFile(...linesOf(program));
  }

  /** What an entry's check is told. */
  planInput(name: string): string {
    return JSON.stringify({ file: this.plan.path, entry: name, name });
  }

  /** The engine has told the program that a resource is in the state. */
  noteRecorded(name: string): void {
    if (this.isHearing) this.plan.append({ t: "recorded", of: name });
  }

  /** The engine tells nothing any more. */
  hearNothing(): void {
    this.isHearing = false;
  }

  /** The process has gone, and its plan with it. */
  end(): void {
    this.isHearing = false;
    this.plan.dispose();
  }
}

/** The sets of the program that register people of an assignment. */
export function setsBehind(program: Program, { token, people = [], engine, ignores = [] }: AssignmentDecl): string[] {
  const ids = new Set([...people, ...(engine?.people ?? [])]);
  return program.sets
    .filter(
      (set) =>
        set.token === token &&
        (set.ignores !== undefined ||
          ignores.includes("clientUserIds") ||
          set.users.some(({ clientUserId }) => ids.has(clientUserId))),
    )
    .map(({ name }) => name);
}

function linesOf(program: Program): PlanLine[] {
  const keyOf = (name: string): string => program.tokens.find((token) => token.name === name)!.key;
  return [
    ...program.tokens.map(
      ({ name, key, maxRevocations, maxRetirements }): PlanLine => ({
        t: "token",
        entry: name,
        name,
        key,
        ...(maxRevocations !== undefined && { maxRevocations }),
        ...(maxRetirements !== undefined && { maxRetirements }),
      }),
    ),
    ...program.sets.map(
      ({ name, token, users, reclaim, maxRetirements, ignores }): PlanLine => ({
        t: "userSet",
        entry: name,
        name,
        key: keyOf(token),
        users: users.map(({ clientUserId }) => clientUserId),
        ...(reclaim ? {} : { reclaim }),
        ...(maxRetirements !== undefined && { maxRetirements }),
        ...(ignores && { mayChange: true }),
      }),
    ),
    ...program.assignments.map((assignment): PlanLine => {
      const { name, token, apps, devices, people, intent, exclusive, reclaim, maxRevocations } = assignment;
      return {
        t: "assignment",
        entry: name,
        name,
        key: keyOf(token),
        apps: apps.map((adamId) => [adamId, "STDQ"] as const),
        ...(devices && { serialNumbers: devices }),
        ...(people && { clientUserIds: people }),
        intent,
        exclusive,
        sets: setsBehind(program, assignment),
        ...(reclaim ? {} : { reclaim }),
        ...(maxRevocations !== undefined && { maxRevocations }),
        ...((assignment.engine ?? assignment.ignores) && { mayChange: true }),
      };
    }),
    { t: "end", open: [] },
  ];
}
