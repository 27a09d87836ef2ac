import { actForeign } from "./foreign";
import { type Cut, cuts, type Trouble } from "./history";
import { isRival } from "./rivals";
import type { Service } from "./service";
import type { LivingStack, Outcome } from "./stack";

const isCut = (trouble: Trouble): trouble is Cut => (cuts as readonly string[]).includes(trouble.kind);

/** Puts everything in place that is to happen during a command; `beside` is what somebody begins beside it. */
export async function prepare(
  service: Service,
  stack: LivingStack,
  troubles: readonly Trouble[],
  beside: () => Promise<Outcome | undefined>,
) {
  const happened = {
    acted: false,
    /** Something was killed, or the state got lost: what was done is not in the state. */
    killed: false,
    /** Writes that had reached the service when the engine was gone, or the run was cancelled. */
    writesAtCut: undefined as number | undefined,
    beside: undefined as { outcome: Outcome; writes: number } | undefined,
    /** A second run wrote before the first did: it has recorded that in a state of its own, which nobody has afterwards. */
    hasStrayed: false,
    before: [] as Awaited<ReturnType<Service["truth"]>>,
    after: [] as Awaited<ReturnType<Service["truth"]>>,
    seizedAfter: new Map<number, number>(),
    givenBackAfter: new Map<number, number>(),
    running: [] as Promise<void>[],
    async ended(): Promise<void> {
      await Promise.all(this.running);
    },
  };
  service.resetCount();
  for (const trouble of troubles) if (trouble.kind === "fault") await service.addFault(faultOf(trouble));
  const at = (count: number, answered: boolean): Trouble[] =>
    troubles.filter(
      (each) => "at" in each && each.at === count && ("answered" in each ? each.answered : false) === answered,
    );
  const act = async (trouble: Extract<Trouble, { kind: "meanwhile" }>): Promise<void> => {
    const before = await service.truth();
    await actForeign(service, trouble.act);
    const after = await service.truth();
    if (!happened.acted) happened.before = before;
    happened.after = after;
    happened.acted = true;
    for (const [index, library] of after.entries()) {
      const [holder, holderBefore] = [library.mdmInfo?.id, before[index]?.mdmInfo?.id];
      if (holder === holderBefore) continue;
      if (isRival(holder)) happened.seizedAfter.set(index, await service.lastSeq());
      else if (isRival(holderBefore)) happened.givenBackAfter.set(index, await service.lastSeq());
    }
  };
  const cut = async (trouble: Cut): Promise<void> => {
    if (happened.killed) return;
    if (trouble.kind !== "ctrlC") happened.killed = true;
    await stack.cut(trouble);
    if (trouble.kind !== "loseState") happened.writesAtCut ??= service.writes;
  };
  const writesBefore = service.licenceWrites;
  const secondRun = async (): Promise<void> => {
    const { writes, licenceWrites } = service;
    const outcome = await beside();
    if (outcome !== undefined && licenceWrites === writesBefore && service.writes > writes) happened.hasStrayed = true;
    // Before the first has written anything to a library, nobody knows of it there.
    const isKnown = licenceWrites > writesBefore && (await service.truth()).length === 1;
    if (outcome !== undefined && isKnown) happened.beside = { outcome, writes: service.writes - writes };
  };
  service.onRequest = (count, answered) => {
    for (const trouble of at(count, answered)) {
      if (trouble.kind === "meanwhile") happened.running.push(act(trouble));
      if (trouble.kind === "jumpClock") stack.jumpClock();
      if (trouble.kind === "killHost") stack.killProvider();
      if (trouble.kind === "secondRun") happened.running.push(secondRun());
      if (trouble.kind === "killHost") happened.killed = true;
      if (isCut(trouble)) happened.running.push(cut(trouble));
    }
  };
  return happened;
}

function faultOf({ path, after, times, action }: Extract<Trouble, { kind: "fault" }>): object {
  return { match: path === "event" ? { after } : { path, after }, times, action };
}

/** Whether the work of an accepted request may be done after the command has ended. */
export function mayComeLate(action: object): boolean {
  const { type } = action as { type: string };
  return type === "event-pending" || type === "event-late";
}

/** Whether a list lacks or repeats records, and nothing else goes wrong. */
export function isOddList(trouble: Trouble): boolean {
  return trouble.kind === "fault" && (trouble.action as { type: string }).type.startsWith("list-");
}
