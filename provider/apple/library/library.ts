import type { Credential } from "../../contentToken/credential";
import { VppError } from "../../errors";
import { mapConcurrent } from "../../http/mapConcurrent";
import type { Client, ServiceConfig } from "../api/client";
import type { ClientConfigAnswer, CommonAnswer, MdmInfo, WireUser, WireUserRequest } from "../api/wire";
import { isReleased } from "./ownership/ownershipMarker";
import { heldByAnother, opensAnother } from "./ownership/refusals";
import { AssetTable, assetKey, assetOfKey } from "./readings/assets";
import { AssignmentCache, type TargetKind } from "./readings/assignmentCache";
import { ProductNames } from "./readings/productNames";
import type { Pairs } from "./rectangles";
import { type Action, requestsAtOnce, type WriteResult, writePairs } from "./writes/assignmentBatch";
import type { EventSettings, OnPending, Settled } from "./writes/events";
import { progressText } from "./writes/progress";
import { Writes } from "./writes/writes";

export type { AssetRef, WireFailure, WireUser, WireUserRequest } from "../api/wire";
export { heldByAnother } from "./ownership/refusals";
export { mapConcurrent, requestsAtOnce };

/** How a resource names its library: which one, which token opens it, and whose mark must be on it. */
export interface LibraryRef {
  readonly libraryId: string;
  readonly contentTokenKey: string;
  readonly bindingId: string;
  /** Another service's id whose mark is meant to be there in place of ours. */
  readonly managedBy?: string;
}

/** So many people are asked for one by one; for more, the whole list costs no more. */
export const askOneByOneUpTo = 5;
/** Readings that a write rests on are never older than this. */
export const freshMs = 5_000;

/**
 * One content token's live view for one run: opens the library, guards who it belongs to, and shares what has been read among all resources.
 */
export class Library {
  /** Id of the library, known from the first answer on. */
  libraryId?: string;
  private expectedLibraryId?: string;
  private mark?: MdmInfo;
  /** Every mark that was seen since the library was last asked whose it is, by id: answers can overtake each other. */
  private readonly marksSeen = new Map<string, MdmInfo>();
  private configRead?: Promise<ClientConfigAnswer>;
  private assetsRead?: Promise<AssetTable>;
  private assetsReadAgain?: Promise<AssetTable>;
  private usersRead?: Promise<WireUser[]>;
  private readonly holdings: AssignmentCache;
  private readonly writes: Writes;
  /** Product names, for people. */
  readonly names: ProductNames;

  constructor(
    private readonly client: Client,
    readonly credential: Credential,
    private readonly events: EventSettings,
  ) {
    this.holdings = new AssignmentCache(client, events.now);
    this.names = new ProductNames(client, () => this.config());
    this.writes = new Writes(
      client,
      events,
      { assets: () => this.assets(), pageSizeOf: () => this.holdings.pages.pageSize },
      (ref) => this.requireHolder(ref),
    );
  }

  /** Takes note of every answer: which library it speaks of, and whose mark that library bears. */
  heed(answer: CommonAnswer): void {
    if (this.expectedLibraryId !== undefined && answer.uId !== this.expectedLibraryId)
      throw opensAnother(answer.uId, this.expectedLibraryId);
    this.libraryId = answer.uId;
    if (answer.mdmInfo?.id) {
      this.mark = answer.mdmInfo;
      this.marksSeen.set(answer.mdmInfo.id, answer.mdmInfo);
    }
  }

  /** From now on, answers about another library are refused. */
  expect(libraryId: string): this {
    const known = this.expectedLibraryId ?? this.libraryId;
    if (known !== undefined && known !== libraryId) throw opensAnother(known, libraryId);
    this.expectedLibraryId = libraryId;
    return this;
  }

  /** The mark that the library was last seen to bear; undefined if none, or a released one. */
  get holder(): MdmInfo | undefined {
    return this.mark && !isReleased(this.mark) ? this.mark : undefined;
  }

  serviceConfig(): Promise<ServiceConfig> {
    return this.client.serviceConfig();
  }

  /** The library's own data, read once in a run. */
  config(): Promise<ClientConfigAnswer> {
    this.configRead ??= this.client.clientConfig().then((answer) => {
      this.learnMark(answer.mdmInfo ?? undefined);
      return answer;
    });
    this.configRead.catch(() => {
      this.configRead = undefined;
    });
    return this.configRead;
  }

  /** The library's own data, read anew. */
  configNow(): Promise<ClientConfigAnswer> {
    this.configRead = undefined;
    return this.config();
  }

  /** Writes our mark, or rewrites it as released. Any other mark than that which it may be written over is refused. */
  async writeMark(mdmInfo: MdmInfo, over?: string): Promise<void> {
    const permission = async (): Promise<void> => this.refuseRivals(mdmInfo.id, over);
    const answer = await this.writes.inTurn(() => this.client.setMark(mdmInfo, permission));
    const mark = answer.mdmInfo ?? mdmInfo;
    this.learnMark(mark);
    this.configRead = undefined;
    if (mark.id !== mdmInfo.id) throw heldByAnother(mark);
  }

  /** The products and their counts: as first read in this run, unless a fresher reading is asked for. */
  async assets(maxAgeMs = Number.POSITIVE_INFINITY): Promise<AssetTable> {
    const pending = this.assetsRead;
    if (pending !== undefined && maxAgeMs > 0) {
      const kept = await pending.catch(() => undefined);
      if (kept && this.events.now() - kept.at <= maxAgeMs) return kept;
      // Somebody who waited for the same reading has begun a newer one by now.
      if (this.assetsRead !== pending) return this.assets(maxAgeMs);
    }
    const read = this.client.assets().then(({ items }) => new AssetTable(items, this.events.now()));
    this.assetsRead = read;
    return read;
  }

  /** The products read once more, since the first reading lacked some; one reading for all who doubt it. */
  assetsAgain(): Promise<AssetTable> {
    this.assetsReadAgain ??= this.assets(0);
    return this.assetsReadAgain;
  }

  /** How many licences of an app are listed, whether or not the app itself is. */
  async countOfApp(app: string): Promise<number> {
    const { items } = await this.client.assignments({ adamId: assetOfKey(app).adamId });
    return items.filter((item) => assetKey(item) === app).length;
  }

  /** The active users: as first read in this run, unless a fresh reading is asked for. */
  users(fresh = false): Promise<WireUser[]> {
    if (fresh || this.usersRead === undefined) {
      const read = this.client.users({}).then(({ items }) => items);
      this.usersRead = read;
      read.catch(() => {
        this.usersRead = undefined;
      });
    }
    return this.usersRead;
  }

  /** The people who can hold licences: invited or accepted, not retired. */
  async activeUsers(): Promise<WireUser[]> {
    return (await this.users()).filter(isActive);
  }

  /** The active records of a few users, read anew. */
  async usersById(ids: readonly string[]): Promise<WireUser[]> {
    const answers = await Promise.all(ids.map((clientUserId) => this.client.users({ clientUserId })));
    return answers.flatMap(({ items }) => items);
  }

  /**
   * Which of these users the service has no active record of. The service may refuse a whole request for one of them, so they are left out
   * of it beforehand.
   */
  async unknownUsers(ids: readonly string[]): Promise<Set<string>> {
    const missingFrom = (records: readonly WireUser[]): string[] => {
      const active = new Set(records.filter(isActive).map(({ clientUserId }) => clientUserId));
      return ids.filter((id) => !active.has(id));
    };
    const missing = missingFrom(await this.users());
    return new Set(missing.length === 0 ? missing : missingFrom(await this.users(true)));
  }

  /** Who of `targets` holds which of `apps`. */
  async held(
    apps: readonly string[],
    kind: TargetKind,
    targets: readonly string[],
    maxAgeMs = Number.POSITIVE_INFINITY,
  ) {
    return this.holdings.observe(await this.assets(maxAgeMs), apps, kind, targets, maxAgeMs);
  }

  /** What a single target holds, asked about it alone, now. */
  async appsOf(kind: TargetKind, target: string): Promise<string[]> {
    const filter = kind === "device" ? { serialNumber: target } : { clientUserId: target };
    return (await this.client.assignments(filter)).items.map(assetKey);
  }

  /** Everybody who holds one of `apps`. */
  async holders(apps: readonly string[], kind: TargetKind, maxAgeMs = Number.POSITIVE_INFINITY) {
    return this.holdings.holders(await this.assets(maxAgeMs), apps, kind, maxAgeMs);
  }

  /** Everybody who holds anything, by app, as first read in this run. */
  everybody() {
    return this.holdings.everybody();
  }

  /** Requests that it takes to read all licences of an app. */
  async pagesOf(app: string): Promise<number> {
    return this.holdings.pagesOf(await this.assets(), app);
  }

  /** Gives or takes back licences; the library must be ours, or the one that `ref.managedBy` names. */
  async write(
    ref: LibraryRef,
    action: Action,
    kind: TargetKind,
    pairs: Pairs,
    progress: (text: string) => void,
  ): Promise<WriteResult> {
    return writePairs(
      {
        limits: () => this.writes.limits(),
        send: (job) => this.writes.licences({ ...job, ref }),
        observe: (of, apps, targets) => this.held(apps, of, targets, 0),
        assets: () => this.assets(0),
        noted: (of, app, targets, isHeld) => this.noted(of, app, targets, isHeld),
        progress: (now) => progress(progressText(now, action === "give" ? "licences given" : "licences taken back")),
        pause: this.events.sleep,
      },
      action,
      kind,
      pairs,
    );
  }

  /** Creates, updates or retires users and waits for the end of it. */
  writeUsers(
    ref: LibraryRef,
    action: "create" | "update" | "retire",
    users: readonly WireUserRequest[],
    onPending?: OnPending,
  ): Promise<Settled> {
    this.usersRead = undefined;
    return this.writes.users(ref, action, users, onPending);
  }

  /** Refuses unless the library bears the mark that it should. Reads it first if that has not been done in this run. */
  async requireHolder(ref: LibraryRef): Promise<void> {
    await this.config();
    this.refuseRivals(ref.bindingId, ref.managedBy);
    if (this.holder === undefined && ref.managedBy === undefined) {
      throw new VppError(
        "VPP_AUTH_NOT_BOUND",
        "the library no longer bears this stack's mark, so it is not known to be ours",
        {
          remedy: "Run `pulumi refresh` to see what happened, then `pulumi up` to bind the library again.",
        },
      );
    }
  }

  /** The mark of another service that was seen since the library was last asked whose it is. */
  rivalOf(ref: LibraryRef): MdmInfo | undefined {
    return this.rival(ref.bindingId, ref.managedBy);
  }

  private rival(...accepted: readonly (string | undefined)[]): MdmInfo | undefined {
    return [...this.marksSeen.values()].find((mark) => !accepted.includes(mark.id) && !isReleased(mark));
  }

  private refuseRivals(...accepted: readonly (string | undefined)[]): void {
    const rival = this.rival(...accepted);
    if (rival) throw heldByAnother(rival);
  }

  private learnMark(mark: MdmInfo | undefined): void {
    this.mark = mark;
    this.marksSeen.clear();
    if (mark) this.marksSeen.set(mark.id, mark);
  }

  private async noted(kind: TargetKind, app: string, targets: readonly string[], isHeld: boolean): Promise<void> {
    await this.holdings.note(app, kind, targets, isHeld);
    (await this.assetsRead)?.use(app, isHeld ? targets.length : -targets.length);
  }
}

/** Whether a record is that of somebody who can hold licences: invited or accepted, not retired. */
export function isActive({ status }: WireUser): boolean {
  return status === "Registered" || status === "Associated";
}
