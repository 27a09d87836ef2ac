import type { Credential } from "../../contentToken/credential";
import { isVppError } from "../../errors";
import { mapConcurrent } from "../../http/mapConcurrent";
import type { Client, ServiceConfig } from "../api/client";
import { requestsAtOnce } from "../api/requestsAtOnce";
import type { ClientConfigAnswer, CommonAnswer, MdmInfo, WireUser, WireUserRequest } from "../api/wire";
import type { LibraryRef } from "./libraryRef";
import type { LibrarySurroundings, Writer } from "./librarySurroundings";
import { LibraryLog } from "./log/libraryLog";
import { LibraryOwner } from "./ownership/libraryOwner";
import { ownMark } from "./ownership/ownershipMarker";
import { AssetReadings } from "./readings/assetReadings";
import { type AssetTable, assetKey, assetOfKey } from "./readings/assets";
import { AssignmentCache } from "./readings/assignmentCache";
import { isActive, PeopleReadings } from "./readings/people";
import { ProductNames } from "./readings/productNames";
import type { Pairs } from "./rectangles";
import { RunFiles } from "./runs/runFiles";
import type { TargetKind } from "./targets";
import type { Action, WriteResult } from "./writes/assignmentBatch";
import { BulkCompletionPoller } from "./writes/bulkCompletionPoller";
import { progressText } from "./writes/progress";
import { awaitEvent, type EventSettings, type OnPending, type Settled } from "./writes/settle";
import { type UserAction, WriteQueue } from "./writes/writeQueue";

export type { AssetRef, WireFailure, WireUser, WireUserRequest } from "../api/wire";
export type { LibraryRef } from "./libraryRef";
export { heldByAnother } from "./ownership/refusals";
export { askOneByOneUpTo, isActive } from "./readings/people";
export { mapConcurrent, requestsAtOnce };

/** So long one waits for what another run has sent, in milliseconds: small work is done in seconds. */
const othersWorkMs = 120_000;
/** Readings that a write rests on are never older than this, in milliseconds. */
export const freshMs = 300_000;

/**
 * One content token's live view for one run: opens the library, guards who it belongs to, and shares what has been read among all resources.
 */
export class Library {
  private readonly owner: LibraryOwner;
  private readonly products: AssetReadings;
  private readonly people: PeopleReadings;
  private readonly log: LibraryLog;
  private readonly assignments: AssignmentCache;
  private readonly queue: WriteQueue;
  private readonly beforeWrite: () => Promise<void>;
  private readonly files: RunFiles;
  private readonly stackOf: (ref: LibraryRef) => string | undefined;
  /** Bindings under which nobody else was seen to write, before this run did. */
  private readonly permitted = new Set<string>();
  /** Product names, for people. */
  readonly names: ProductNames;

  constructor(
    private readonly client: Client,
    readonly credential: Credential,
    private readonly events: EventSettings,
    around: LibrarySurroundings = {},
  ) {
    const { now } = events;
    const { beforeWrite = async () => undefined, files = new RunFiles(undefined), storeNames } = around;
    this.stackOf = around.stackOf ?? (() => undefined);
    this.beforeWrite = beforeWrite;
    this.files = files;
    this.log = new LibraryLog(now);
    this.owner = new LibraryOwner(client);
    this.people = new PeopleReadings(client);
    this.products = new AssetReadings(client, this.log, now);
    this.assignments = new AssignmentCache(client, this.log, this.products);
    this.names = new ProductNames(
      client,
      () => this.config(),
      storeNames,
      (adamId) => around.nameInState?.(this.owner.expectedId ?? "", adamId),
    );
    const poller = new BulkCompletionPoller({
      log: this.log,
      read: (adamId) => this.assignments.readProduct(adamId),
      pageSizeOf: () => this.assignments.pages.pageSize,
      now,
    });
    this.queue = new WriteQueue({ client, log: this.log, poller, events, files, guard: (ref) => this.permit(ref) });
  }

  /** Id of the library, known from the first answer on. */
  get libraryId(): string | undefined {
    return this.owner.libraryId;
  }

  /** Takes note of every answer: which library it speaks of, and whose mark that library bears. */
  heed(answer: CommonAnswer): void {
    this.owner.heed(answer);
  }

  /** From now on, answers about another library are refused. */
  expect(libraryId: string): this {
    this.owner.expect(libraryId);
    return this;
  }

  /** The mark that the library was last seen to bear; undefined if none, or a released one. */
  get holder(): MdmInfo | undefined {
    return this.owner.holder;
  }

  /** The mark of another service that was seen since the library was last asked whose it is. */
  rivalOf(ref: LibraryRef): MdmInfo | undefined {
    return this.owner.rival(ref.bindingId, ref.managedBy);
  }

  /** Refuses unless the library bears the mark that it should. Reads it first if that has not been done in this run. */
  requireHolder(ref: LibraryRef): Promise<void> {
    return this.owner.assertOwner(ref);
  }

  serviceConfig(): Promise<ServiceConfig> {
    return this.client.serviceConfig();
  }

  /** The library's own data, read once in a run. */
  config(): Promise<ClientConfigAnswer> {
    return this.owner.config();
  }

  /** The library's own data, read anew. */
  configNow(): Promise<ClientConfigAnswer> {
    return this.owner.config(true);
  }

  /** Writes our mark, or rewrites it as released. Any other mark than that which it may be written over is refused. */
  writeMark(mdmInfo: MdmInfo, over?: string): Promise<void> {
    return this.owner.writeMark(mdmInfo, over, (mark, refuseRivals) =>
      this.queue.mark(mark, async () => {
        await this.beforeWrite();
        await refuseRivals();
      }),
    );
  }

  /** The products and their counts: as first read in this run, unless a fresher reading is asked for. */
  assets(maxAgeMs = Number.POSITIVE_INFINITY): Promise<AssetTable> {
    return this.products.all(maxAgeMs);
  }

  /** The products read once more, since the first reading lacked some; one reading for all who doubt it. */
  assetsAgain(): Promise<AssetTable> {
    return this.products.again();
  }

  /** Free licences of an app by what is known; below zero where more are assigned than owned. */
  free(app: string): number {
    return this.log.free(app);
  }

  /** Whether the library did not list an app when it was last asked about it alone. */
  isUnlisted(app: string): boolean {
    return this.products.isUnlisted(assetOfKey(app).adamId);
  }

  /** What this run's own writes have to do with an app's count. */
  touched(app: string): ReturnType<LibraryLog["touched"]> {
    return this.log.touched(app);
  }

  /** Reads the counts of an app anew; one reading for all who ask at the same time. */
  async recount(app: string): Promise<void> {
    await this.products.countsNow(assetOfKey(app).adamId);
  }

  /** How many licences of an app are listed, whether or not the app itself is. */
  async countOfApp(app: string): Promise<number> {
    const { items } = await this.client.assignments({ adamId: assetOfKey(app).adamId });
    return items.filter((item) => assetKey(item) === app).length;
  }

  /** The active users: as first read in this run, unless a fresh reading is asked for. */
  users(fresh = false): Promise<WireUser[]> {
    return this.people.all(fresh);
  }

  /** The people who can hold licences: all but retired ones. */
  async activeUsers(): Promise<WireUser[]> {
    return (await this.users()).filter(isActive);
  }

  /** All records of a few users, retired ones included, read anew. */
  usersById(ids: readonly string[]): Promise<WireUser[]> {
    return this.people.byId(ids);
  }

  /** All records of these users, retired ones included, asked for in another way than the list of the active ones. */
  userRecords(ids: readonly string[]): Promise<WireUser[]> {
    return this.people.recordsOf(ids);
  }

  /**
   * Which of these users the service has no active record of. The service may refuse a whole request for one of them, so they are left out
   * of it beforehand.
   */
  unknownUsers(ids: readonly string[]): Promise<Set<string>> {
    return this.people.unknown(ids);
  }

  /** Who of `targets` holds which of `apps`. */
  async held(
    apps: readonly string[],
    kind: TargetKind,
    targets: readonly string[],
    maxAgeMs = Number.POSITIVE_INFINITY,
  ) {
    return this.assignments.observe(await this.assets(maxAgeMs), apps, kind, targets, maxAgeMs);
  }

  /** The same, for a result that has to be sure: what is not known after all readings so far is asked for once more. */
  async heldForSure(apps: readonly string[], kind: TargetKind, targets: readonly string[]) {
    return this.assignments.observeAgain(await this.assets(), apps, kind, targets);
  }

  /** Lists the licences of those of the apps of which the counts alone say that nobody holds them. */
  async listCounted(apps: readonly string[], kind: TargetKind): Promise<void> {
    await this.assignments.list(await this.assets(), apps, kind);
  }

  /** What a single target holds, asked about it alone, now. */
  async appsOf(kind: TargetKind, target: string): Promise<string[]> {
    const filter = kind === "device" ? { serialNumber: target } : { clientUserId: target };
    return (await this.client.assignments(filter)).items.map(assetKey);
  }

  /** Everybody who holds one of `apps`. */
  async holders(apps: readonly string[], kind: TargetKind, maxAgeMs = Number.POSITIVE_INFINITY) {
    return this.assignments.holders(await this.assets(maxAgeMs), apps, kind, maxAgeMs);
  }

  /** Whether a target holds an app, or will once what this run has sent has been done. */
  isTaken(app: string, kind: TargetKind): (target: string) => boolean {
    const view = this.log.viewOf(app, kind);
    return (target) => view.isTaken(target);
  }

  /** Whether it is not known if a target holds an app, nor that it soon will. */
  isUnknown(app: string, kind: TargetKind): (target: string) => boolean {
    const view = this.log.viewOf(app, kind);
    return (target) => view.state(target) === "unknown" && !view.isTaken(target);
  }

  /** Everybody who holds anything, by app, as first read in this run. */
  everybody() {
    return this.assignments.everybody();
  }

  /** Requests that it takes to read all licences of an app. */
  async pagesOf(app: string): Promise<number> {
    return this.assignments.pagesOf(await this.assets(), app);
  }

  /** Waits a while until the service has ended work that it accepted from another run; gives how many of these it has not ended. */
  async awaitEvents(eventIds: readonly string[]): Promise<number> {
    const deadline = Math.min(this.queue.deadline(), this.events.now() + othersWorkMs);
    const ended = await mapConcurrent(eventIds, requestsAtOnce, (eventId) =>
      awaitEvent(this.client, eventId, deadline, this.events),
    );
    return ended.filter((hasEnded) => !hasEnded).length;
  }

  /** Assigns or revokes licences; the library must be ours, or the one that `ref.managedBy` names. */
  async write(
    ref: LibraryRef,
    action: Action,
    kind: TargetKind,
    pairs: Pairs,
    { progress, operation }: Writer,
  ): Promise<WriteResult> {
    await this.renewMark(ref);
    // Loaded by the first write: most runs change nothing.
    const { writePairs } = await import("./writes/assignmentBatch.js");
    return writePairs(
      {
        limits: (anew) => this.queue.limits(anew),
        send: (job) => this.queue.licences({ ...job, ref, operation }),
        observe: async (of, apps, targets) =>
          this.assignments.observe(await this.assets(), apps, of, targets, anyAgeMs),
        freeNow: async (apps) => {
          await mapConcurrent([...new Set(apps.map((app) => assetOfKey(app).adamId))], requestsAtOnce, (adamId) =>
            this.products.countsNow(adamId),
          );
          return (app) => (this.isUnlisted(app) ? 0 : this.log.free(app));
        },
        progress: (now) => progress(progressText(now, action === "give" ? "licences given" : "licences taken back")),
        pause: this.events.sleep,
        now: this.events.now,
        deadline: this.queue.deadline(),
      },
      action,
      kind,
      pairs,
    );
  }

  /** Creates, updates or retires users and waits for the end of it, or for `deadline`. */
  async writeUsers(
    ref: LibraryRef,
    action: UserAction,
    users: readonly WireUserRequest[],
    deadline: number,
    onPending?: OnPending,
  ): Promise<Settled> {
    this.people.forget();
    await this.renewMark(ref);
    return this.queue.users(ref, action, users, deadline, onPending);
  }

  /** When a write that begins now is given up, in milliseconds. */
  writeDeadline(): number {
    return this.queue.deadline();
  }

  /** Whether that time has come. */
  isOver(deadline: number): boolean {
    return this.events.now() >= deadline;
  }

  /** Waits, as before a look at what may still be on its way. */
  pause(ms: number): Promise<void> {
    return this.events.sleep(ms);
  }

  /** The service's limits: as known, or asked for anew. */
  limits(anew = false) {
    return this.queue.limits(anew);
  }

  /** After a stack was renamed or moved, the mark gets its new name before the next write: others read there whose the library is. */
  private async renewMark(ref: LibraryRef): Promise<void> {
    const { holder } = this;
    const stack = this.stackOf(ref);
    if (stack === undefined || holder?.id !== ref.bindingId) return;
    try {
      const mark = ownMark(ref.bindingId, stack, await this.queue.limits());
      if (mark.name !== holder.name) await this.writeMark(mark, holder.id);
    } catch (error) {
      // The write itself is refused for the same reason, and says so where what was done before is not forgotten.
      if (!isVppError(error)) throw error;
    }
  }

  private async permit(ref: LibraryRef): Promise<void> {
    await this.beforeWrite();
    if (!this.permitted.has(ref.bindingId)) await this.files.refuseBesideOthers(ref.bindingId);
    this.permitted.add(ref.bindingId);
    await this.requireHolder(ref);
  }
}

const anyAgeMs = Number.POSITIVE_INFINITY;
