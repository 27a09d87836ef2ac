import { type CommandStep, checksAll, commandOf } from "./asked";
import { Chronicle } from "./chronicle";
import { differences, makePeace } from "./converge";
import { afterCut } from "./cutInvariants";
import { describe } from "./describe";
import { EarlierPrograms } from "./earlierPrograms";
import { edited } from "./edits";
import { effectiveOf, isContradictory } from "./effective";
import { fitLicences } from "./fitLicences";
import { actForeign } from "./foreign";
import type { History, Step } from "./history";
import { violations } from "./invariants";
import { isOddList, mayComeLate, prepare } from "./meanwhile";
import type { Observed } from "./observed";
import { emptyProgram, type Program } from "./programs";
import { type ServedRequest, Service } from "./service";
import type { LivingStack, Outcome } from "./stack";
import { timeScale } from "./timeScale";

/** Longer than any command may take: the provider's time runs faster, and its longest wait is a few minutes of it. */
const commandDeadlineMs = 120_000 * Math.max(1, 25 / timeScale);
const writing = new Set(["up", "upRefresh", "upTarget", "replace", "taint", "destroy"]);

/** What a history came to. */
export interface Result {
  readonly violations: readonly string[];
  readonly commands: number;
  readonly requests: number;
  /** How many commands were refused or failed with each error code. */
  readonly codes: Readonly<Record<string, number>>;
  /** The commands and what they said, for whoever looks into a failure. */
  readonly story: readonly string[];
}

/** Lives one history through and says what went wrong in it. */
export async function runHistory(
  history: History,
  makeStack: (service: Service) => Promise<LivingStack>,
): Promise<Result> {
  const service = await Service.start(history.setting);
  let stack: LivingStack | undefined;
  try {
    stack = await makeStack(service);
    return await new Life(history, service, stack).live();
  } finally {
    stack?.dispose();
    await service.close();
  }
}

class Life {
  private readonly chronicle: Chronicle;
  private readonly secrets = new Set<string>();
  private readonly found: string[] = [];
  private readonly story: string[] = [];
  private readonly earlier = new EarlierPrograms();
  private program: Program;
  private readonly codes: Record<string, number> = {};
  private commands = 0;
  private requests = 0;
  private lastRequests: readonly ServedRequest[] = [];

  constructor(
    private readonly history: History,
    private readonly service: Service,
    private readonly stack: LivingStack,
  ) {
    const { libraries, program } = history.setting;
    this.chronicle = new Chronicle(libraries);
    this.program = program.reduce(edited, emptyProgram(libraries));
  }

  async live(): Promise<Result> {
    for (const act of this.history.setting.before) await this.foreign(act);
    this.chronicle.needsRefresh = false;
    for (const step of this.history.steps) {
      await this.take(step);
      if (this.found.length > 0) break;
    }
    if (this.found.length === 0) await this.converge();
    const { found, story, commands, requests, codes } = this;
    return { violations: found, story, commands, requests, codes };
  }

  private async take(step: Step): Promise<void> {
    switch (step.do) {
      case "edit":
        this.program = edited(this.program, step.edit);
        return;
      case "foreign":
        return this.foreign(step.act);
      case "fit": {
        const deed = await fitLicences(this.service, effectiveOf(this.program, this.stack.resources()), step);
        if (deed !== undefined) this.story.push(deed);
        return;
      }
      case "rollBack":
        this.program = this.earlier.rolledBack(this.program);
        return;
      case "copyState":
        return this.stack.keepCopy();
      case "useCopy":
        if (!this.stack.useCopy()) return;
        this.chronicle.needsRefresh = this.chronicle.mayLeak = true;
        this.chronicle.recorded = undefined;
        return;
      default:
        await this.command(step);
    }
  }

  private async foreign(act: Parameters<typeof actForeign>[1]): Promise<void> {
    const before = await this.service.truth();
    await actForeign(this.service, act);
    this.chronicle.noteForeign(before, await this.service.truth());
    this.story.push(`foreign ${act.kind}`);
  }

  /** Runs a command with whatever is to happen during it, and judges it. */
  private async command(step: CommandStep): Promise<Outcome> {
    const { service, stack, chronicle, program } = this;
    const command = await commandOf(stack, chronicle, step);
    const programRuns = command.command === "up";
    const stateBefore = stack.resources();
    const effective = effectiveOf(program, stateBefore);
    if (programRuns) chronicle.noteProgram(effective, program);
    for (const secret of service.secrets()) this.secrets.add(secret);
    const before = await service.truth();
    const late = await service.pendingWrites();
    const meanwhile = await prepare(service, stack, step.trouble, () => stack.runBeside(command, program));
    const outcome = await this.withinDeadline(step.do, stack.run(command, program));
    service.onRequest = () => undefined;
    await meanwhile.ended();
    this.found.push(...(await afterCut(service, stack, meanwhile)));
    await service.clearFaults();
    for (const secret of service.secrets()) this.secrets.add(secret);
    const after = await service.truth();
    const requests = await service.newRequests();
    this.commands++;
    for (const code of new Set(outcome.messages.flatMap((message) => message.match(/\bVPP_[A-Z_]+\b/g) ?? [])))
      this.codes[code] = (this.codes[code] ?? 0) + 1;
    this.requests += requests.length;
    this.lastRequests = requests;
    for (const request of requests) {
      const library = service.libraryNumber(request.library);
      if (request.path.endsWith("/users/create") && library >= 0)
        chronicle.noteRegistered(
          library,
          (request.users ?? []).map(({ clientUserId }) => clientUserId),
          before[library]!,
          step.trouble.length === 0,
        );
    }
    const hasLate = step.trouble.some((trouble) => trouble.kind === "fault" && mayComeLate(trouble.action));
    if (hasLate || meanwhile.acted) chronicle.needsRefresh = true;
    if (meanwhile.acted) chronicle.noteForeign(meanwhile.before, meanwhile.after);
    if (meanwhile.hasStrayed) chronicle.needsRefresh = chronicle.mayLeak = true;
    const isPart = command.targets !== undefined || command.replaceTargets !== undefined;
    if (meanwhile.killed) chronicle.noteKill(before, after);
    const seen: Observed = {
      step: step.do,
      program: effective,
      lines: program,
      isQuiet: step.trouble.length === 0,
      hasOddListsAtMost: step.trouble.every(isOddList),
      isWhole: !isPart,
      mayContradict: isContradictory(program, effective, stateBefore),
      programRuns,
      isTargeted: isPart && !checksAll(program, command),
      mayWrite: writing.has(step.do),
      forced: command.replaceTargets ?? [],
      outcome,
      before,
      after,
      requests,
      stateBefore,
      stateAfter: stack.resources(),
      wasDisturbed: meanwhile.acted || meanwhile.killed || hasLate || late.length > 0,
      seizedAfter: meanwhile.seizedAfter,
      givenBackAfter: meanwhile.givenBackAfter,
      secrets: [...this.secrets],
      stateText: stack.clearText,
    };
    this.story.push(
      `${step.do}${step.trouble.map((trouble) => ` ${JSON.stringify(trouble)}`).join("")} of ${describe(program)}`,
      `${step.do}${outcome.ok ? "" : " (failed)"}: ${requests.length} requests`,
      ...outcome.messages.map((message) => `    ${message}`),
      ...(process.env.CAMPAIGN_REQUESTS ? requests.map((request) => `      ${JSON.stringify(request)}`) : []),
    );
    this.found.push(...violations(service, chronicle, seen));
    if (programRuns && (!outcome.ok || isPart)) chronicle.noteUnfinished(effective);
    if (programRuns && !command.preview) chronicle.noteRecord([effective, program], outcome.ok && !isPart);
    if (outcome.messages.some((message) => message.includes(": not deleted:")))
      chronicle.noteHalfDeleted(before, after);
    if (step.do === "destroy" && !outcome.ok) chronicle.needsRefresh = true;
    if (outcome.ok && !command.preview) chronicle.noteSuccess(command.reads === true || command.command === "refresh");
    chronicle.notePending(await service.pendingWrites(), ({ library }) => service.libraryNumber(library));
    if (command.command === "up" && !command.preview) this.earlier.note(program);
    return outcome;
  }

  private async withinDeadline(step: string, running: Promise<Outcome>): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), commandDeadlineMs);
    });
    const outcome = await Promise.race([running, late]);
    clearTimeout(timer);
    if (outcome !== "late") return outcome;
    this.found.push(`${step} did not end within its deadline`);
    this.stack.killProvider();
    return { ok: false, messages: [], changes: {} };
  }

  /** When all trouble is over, one `up` reaches what the program says; after other people's changes, a refresh goes before it. */
  private async converge(): Promise<void> {
    this.program = await makePeace(this.service, this.program, this.stack.resources());
    const quiet = { picks: [0], trouble: [] };
    if (this.chronicle.needsRefresh) await this.mustSucceed({ do: "refresh", ...quiet });
    await this.mustSucceed({ do: "up", ...quiet });
    if (this.found.length > 0) return;
    const effective = effectiveOf(this.program, this.stack.resources());
    this.found.push(
      ...(await differences(this.service, this.chronicle, { program: effective, lines: this.program }, this.marks())),
    );
    // A name that the command before asked for may still be on its way.
    const began = new Date().toISOString();
    const { changes } = await this.mustSucceed({ do: "preview", ...quiet });
    for (const { at, path } of this.lastRequests)
      if (at >= began) this.found.push(`the last preview sent a request: ${path}`);
    for (const [op, count] of Object.entries(changes))
      if (op !== "same") this.found.push(`the last preview would ${op} ${count}`);
  }

  /** Our marks as the state has them, by the library's id. */
  private marks(): Map<string, string> {
    const tokens = this.stack.resources().filter(({ type }) => type.endsWith("VppToken"));
    return new Map(tokens.map(({ outputs }) => [outputs.libraryId as string, outputs.bindingId as string]));
  }

  private async mustSucceed(step: CommandStep): Promise<Outcome> {
    const outcome = await this.command(step);
    if (!outcome.ok) this.found.push(`the last ${step.do} failed: ${outcome.messages.join(" | ")}`);
    return outcome;
  }
}
