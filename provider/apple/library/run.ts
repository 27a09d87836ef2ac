import type { SeenAssignment, SeenUserSet } from "../../plan/declared";
import type { LeavingLicences } from "../../plan/leaving";
import { Plan } from "../../plan/planReader";
import type { Library, LibraryRef } from "./library";
import type { ProductName } from "./readings/productNames";
import { RevocationTally } from "./revocationTally";
import type { CutOffWork } from "./runs/cutOffWork";
import { mustBeLookedAt } from "./runs/pastRuns";
import { RunFiles } from "./runs/runFiles";

/** Licences of one app that one resource asks for, and those that it gives up in the same update. */
export interface LicenceChange {
  readonly asks: number;
  readonly drops: number;
}

/** The VppToken that binds a library, as far as others ask for it. */
export interface Binding {
  readonly entry: string;
  readonly name: string;
  readonly bindingId: string;
  /** The other service whose mark is meant to be there. */
  readonly managedBy?: string;
  /** The most targets that may lose licences in one run because resources leave the program, if the VppToken says so. */
  readonly maxRevocations?: number;
  /** The same for people who are retired. */
  readonly maxRetirements?: number;
}

/** The limits of the stack's configuration; they throw if what is set is no number. */
export interface ConfiguredLimits {
  maxRevocations(): number | undefined;
  maxRetirements(): number | undefined;
}

/**
 * What the host process remembers of one operation, since the engine starts a new process for each: the plan, what has been checked, and
 * which licences that will need. Nothing of it outlives the operation.
 */
export class Run {
  private readonly plans = new Map<string, Plan>();

  /** The plan that the last check named; there is none in a refresh or a destroy. */
  plan?: Plan;
  /** Entries that have been checked. */
  readonly checked = new Set<string>();
  /** For each library the VppToken that binds it in this run. */
  readonly bindings = new Map<string, Binding>();
  /** By library, whom this run has registered: whatever a state says, they held nothing before. */
  readonly registered = new Map<string, Set<string>>();
  /** Libraries of which it has been told that they bear another service's mark by now. */
  readonly rivalTold = new Set<string>();
  /** What of drift has been told, so that a read and the comparison after it tell it once. */
  readonly driftTold = new Set<string>();
  /** Asked and dropped licences by `key app`, then by entry. */
  private readonly changes = new Map<string, Map<string, LicenceChange>>();
  private readonly names = new Map<string, ProductName>();
  /** The dropped ones again; these are kept when they have been written. */
  private readonly drops = new Map<string, Map<string, number>>();
  private readonly slotsOf = new Map<string, readonly string[]>();
  /** Shortages that a resource still to be checked may make good, by `key app`. */
  readonly deferredShortages = new Set<string>();
  /** By library, what leaves the program with whole assignments; absent where that is not known. */
  readonly leaving = new Map<string, LeavingLicences>();
  /** By library, the names of the user sets that an earlier run has recorded there. */
  readonly recordedUserSets = new Map<string, ReadonlySet<string>>();
  /** What the deletes of the run take from devices and people. */
  readonly revocations = new RevocationTally();
  /** Whom they retire. */
  readonly retirements = new RevocationTally();
  /** Libraries of which it was said that they leave the program: several VppTokens see that. */
  readonly librariesLeaving = new Set<string>();

  constructor(
    readonly limits: ConfiguredLimits = { maxRevocations: () => undefined, maxRetirements: () => undefined },
    /** What runs of this machine that were cut off have left behind. */
    readonly files = new RunFiles(undefined),
  ) {}

  /** Whether an operation of this run has failed: then the run may not have come to its end. */
  hasFailed = false;
  private readonly cutOff = new Map<string, Promise<CutOffWork | undefined>>();
  private readonly opened = new Map<string, CutOffWork>();
  private readonly unplaced: ((plan: Plan) => void)[] = [];

  /** The plan in a file, with everything that has been written to it by now. */
  readPlan(file: string): Plan {
    const plan = this.plans.get(file) ?? new Plan(file);
    this.plans.set(file, plan);
    this.plan = plan;
    for (const place of this.unplaced.splice(0)) place(plan);
    return plan.refresh();
  }

  /**
   * Protects what an assignment requires whose check was not told which line of the plan is its own, since the engine had put old inputs in the
   * place of that, too. It can be held against nothing, but must not be taken back.
   */
  protectAssignment(name: string, seen: SeenAssignment): void {
    this.place((plan) => plan.protectAssignment(name, seen));
  }

  /** The same for the people of a user set. */
  protectUserSet(name: string, seen: SeenUserSet): void {
    this.place((plan) => plan.protectUserSet(name, seen));
  }

  /** What runs that were cut off have left open under a binding; one reading for all who ask. */
  cutOffWork(bindingId: string, open: () => Library): Promise<CutOffWork | undefined> {
    const known = this.cutOff.get(bindingId);
    if (known !== undefined) return known;
    const look = async (): Promise<CutOffWork | undefined> => {
      await this.files.awaitOthers(bindingId);
      const runs = this.files.cutOff(bindingId).filter(mustBeLookedAt);
      if (runs.length === 0) return undefined;
      const { CutOffWork: Work } = await import("./runs/cutOffWork.js");
      return Work.of(open(), runs);
    };
    const work = look();
    this.cutOff.set(bindingId, work);
    work.then(
      (found) => found && this.opened.set(bindingId, found),
      () => this.cutOff.delete(bindingId),
    );
    return work;
  }

  /** The same, as far as somebody has asked for it in this run. */
  knownCutOffWork(bindingId: string): CutOffWork | undefined {
    return this.opened.get(bindingId);
  }

  /** Notes in the run file what the engine has recorded by now, as the program was told. */
  noteRecorded(): void {
    this.files.noteRecorded(this.isRecorded());
  }

  /** The run has ended in order: what was recorded is not open any more, and the plans' files are let go. */
  close(): void {
    this.files.close(this.isRecorded());
    // What was declared too late for the judgement may still be open, so the program must be known to have been over by then.
    if (this.plan?.end !== undefined && !this.hasFailed)
      for (const [bindingId, work] of this.opened)
        if (work.isJudged && work.unmended.size === 0 && work.pendingCount === 0) this.files.forget(bindingId);
    for (const plan of this.plans.values()) plan.close();
  }

  private isRecorded(): (entry: string) => boolean {
    const { plan } = this;
    plan?.refresh();
    return (entry) => plan?.isRecorded(entry) === true;
  }

  private place(place: (plan: Plan) => void): void {
    if (this.plan === undefined) this.unplaced.push(place);
    else place(this.plan);
  }

  /** Notes that people are about to be registered. */
  recordRegistered(libraryId: string, ids: readonly string[]): void {
    const registered = this.registered.get(libraryId) ?? new Set();
    for (const id of ids) registered.add(id);
    this.registered.set(libraryId, registered);
  }

  /** Notes what the state calls an app, so that nobody asks the store for that again. */
  learnName(libraryId: string, adamId: string, { displayName, bundleId }: ProductName): void {
    if (displayName === undefined) return;
    this.names.set(`${libraryId} ${adamId}`, { displayName, ...(bundleId !== undefined && { bundleId }) });
  }

  /** What the state calls an app, as far as this run has seen it. */
  nameInState(libraryId: string, adamId: string): ProductName | undefined {
    return this.names.get(`${libraryId} ${adamId}`);
  }

  recordChange(key: string, app: string, entry: string, change: LicenceChange): void {
    const slot = `${key} ${app}`;
    const given = this.drops.get(slot) ?? new Map<string, number>();
    given.set(entry, change.drops);
    this.drops.set(slot, given);
    const byEntry = this.changes.get(slot) ?? new Map<string, LicenceChange>();
    byEntry.set(entry, change);
    this.changes.set(slot, byEntry);
    this.slotsOf.set(entry, [...(this.slotsOf.get(entry) ?? []), slot]);
  }

  /**
   * How a resource of the state names its library now. What is deleted has left the program before it could learn that the library has got
   * another manager, or another binding, as when a VppToken is created anew in a renamed stack.
   */
  refNow<R extends LibraryRef>(ref: R): R {
    const binding = this.bindings.get(ref.libraryId);
    return binding === undefined ? ref : { ...ref, bindingId: binding.bindingId, managedBy: binding.managedBy };
  }

  /** The stack of the run, if a VppToken of its program has been checked that binds a library under this very binding. */
  stackOf({ libraryId, bindingId }: LibraryRef): string | undefined {
    return this.bindings.get(libraryId)?.bindingId === bindingId ? this.plan?.stackName : undefined;
  }

  /** Forgets what a resource asked for: from now on its writes are counted instead. */
  forgetChanges(entry: string): void {
    for (const slot of this.slotsOf.get(entry) ?? []) this.changes.get(slot)?.delete(entry);
    this.slotsOf.delete(entry);
  }

  /** The resources of this run that give up licences of an app, written by now or not. */
  givenUp(key: string, app: string): { readonly entry: string; readonly drops: number }[] {
    const given = [...(this.drops.get(`${key} ${app}`) ?? [])];
    return given.flatMap(([entry, drops]) => (drops > 0 ? [{ entry, drops }] : []));
  }

  changesOf(key: string, app: string): ReadonlyMap<string, LicenceChange> {
    return this.changes.get(`${key} ${app}`) ?? new Map();
  }
}
