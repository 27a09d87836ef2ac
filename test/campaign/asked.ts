import type { Chronicle } from "./chronicle";
import { one } from "./declare";
import type { Step } from "./history";
import type { Program } from "./programs";
import type { Command, LivingStack } from "./stack";

/** A step that is a command. */
export type CommandStep = Extract<Step, { trouble: unknown }>;

/** The command as the engine is to run it. */
export async function commandOf(
  stack: LivingStack,
  chronicle: Chronicle,
  { do: word, picks, trouble }: CommandStep,
): Promise<Command> {
  const all = stack.resources();
  const urns = all.map(({ urn }) => urn);
  // A VppToken that is to be replaced refuses every later run until that is taken back, so few histories live with one.
  const others = picks[0]! % 8 === 0 ? all : all.filter(({ type }) => !type.endsWith("VppToken"));
  const urn = one(others, picks[0]!)?.urn;
  if ((word === "replace" || word === "taint") && urn) chronicle.noteReplaced(urn.split("::").pop()!);
  const isAlone = trouble.some(({ kind }) => kind === "secondRun");
  switch (word) {
    case "preview":
      return { command: "up", preview: true, isAlone };
    case "refresh":
    case "destroy":
      return { command: word, isAlone };
    case "upRefresh":
      return { command: "up", reads: true, isAlone };
    case "upTarget": {
      const targets = picks.map((number) => one(urns, number)).filter((each) => each !== undefined);
      return { command: "up", targets, isAlone };
    }
    case "replace":
      return { command: "up", replaceTargets: urn === undefined ? [] : [urn], isAlone };
    case "taint":
      if (urn !== undefined) await stack.taint(urn);
      return { command: "up", isAlone };
    default:
      return { command: "up", isAlone };
  }
}

/** Whether every resource that a targeted command names is in the program: then the provider gets to know the program. */
export function checksAll(
  { tokens, apps, sets, assignments }: Program,
  { targets = [], replaceTargets = [] }: Command,
): boolean {
  const names = new Set([...tokens, ...apps, ...sets, ...assignments].map(({ name }) => name));
  return [...targets, ...replaceTargets].every((urn) => names.has(urn.split("::").pop()!));
}
