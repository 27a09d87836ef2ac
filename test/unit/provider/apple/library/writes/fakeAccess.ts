import type { Limits } from "../../../../../../provider/apple/api/client";
import type { WireFailure } from "../../../../../../provider/apple/api/wire";
import { assetOfKey } from "../../../../../../provider/apple/library/readings/assets";
import type { Held, TargetKind } from "../../../../../../provider/apple/library/readings/assignmentCache";
import type { Action, WriteAccess } from "../../../../../../provider/apple/library/writes/assignmentBatch";
import type { Progress } from "../../../../../../provider/apple/library/writes/progress";
import type { OnPending, Settled } from "../../../../../../provider/apple/library/writes/settle";
import type { JobEnd, WriteJob } from "../../../../../../provider/apple/library/writes/writeQueue";
import { VppError } from "../../../../../../provider/errors";

/** What one request held, and what it was to do. */
export interface SentRequest {
  readonly action: Action;
  readonly apps: readonly string[];
  readonly targets: readonly string[];
}

/** What a writer is told when no answer came. */
export const unsureError = new VppError("VPP_NETWORK_OUTCOME_UNKNOWN", "no answer came");

/** The limits that Apple's documentation shows. */
export const publishedLimits: Limits = {
  maxAssets: 25,
  maxClientUserIds: 1000,
  maxSerialNumbers: 1000,
  maxUsers: 100,
  maxMdmIdLength: 100,
  maxMdmNameLength: 100,
  maxMdmMetadataLength: 255,
};

/** Decides how a request ends; undefined leaves it to the service's ordinary rules. */
export type Script = (request: SentRequest, index: number) => Settled | "done, but unsure" | undefined;

/**
 * A service of licences in memory, as a writer sees it. An app of which too few are left is given to nobody of a request, or to the first
 * of its targets, as `shortage` says: the documentation leaves it open.
 */
export class FakeAccess implements WriteAccess {
  readonly requests: SentRequest[] = [];
  readonly pauses: number[] = [];
  readonly progressed: string[] = [];
  readonly held = new Set<string>();
  /** How many tasks of a request are said to be done, each time that it is asked about before it ends. */
  whilePending: readonly number[] = [];
  /** Whether requests that may be shared hold others' work, too. */
  sharesRequests = false;
  observations = 0;
  limitsNow: Limits = publishedLimits;
  /** The limits that show when they are asked for anew. */
  limitsLater?: Limits;
  limitsAsked = 0;
  readonly deadline = Number.POSITIVE_INFINITY;
  readonly now = (): number => 0;
  script: Script = () => undefined;
  onObserve: () => void = () => undefined;

  constructor(
    private readonly free: Record<string, number>,
    private readonly shortage: "all-or-nothing" | "fill-up" = "all-or-nothing",
  ) {}

  /** Makes a target hold an app. */
  hold(app: string, ...targets: string[]): this {
    for (const target of targets) this.held.add(`${app} ${target}`);
    return this;
  }

  /** Who holds an app, in the order in which it was given. */
  holdersOf(app: string): string[] {
    return [...this.held].filter((pair) => pair.startsWith(`${app} `)).map((pair) => pair.slice(app.length + 1));
  }

  /** Changes how many licences of an app are free. */
  setFree(app: string, count: number): void {
    this.free[app] = count;
  }

  async limits(anew = false): Promise<Limits> {
    if (anew) this.limitsAsked++;
    return anew ? (this.limitsLater ?? this.limitsNow) : this.limitsNow;
  }

  async send({ action, kind, rectangle, isAlone, onPending }: Omit<WriteJob, "ref">): Promise<JobEnd> {
    const settled = this.settle({ action, ...rectangle }, kind, onPending);
    return { ...settled, isShared: this.sharesRequests && !isAlone };
  }

  private settle(sent: SentRequest, kind: TargetKind, onPending: OnPending): Settled {
    for (const done of this.whilePending) onPending(done);
    const index = this.requests.push(sent) - 1;
    const scripted = this.script(sent, index);
    if (scripted !== undefined && scripted !== "done, but unsure") return scripted;
    const failures = this.apply(sent, kind);
    if (scripted) return { kind: "unsure", why: unsureError };
    return failures.length > 0 ? { kind: "failed", failures } : { kind: "complete" };
  }

  async observe(_kind: TargetKind, apps: readonly string[], targets: readonly string[]): Promise<Held> {
    this.observations++;
    this.onObserve();
    const asked = new Set(apps.flatMap((app) => targets.map((target) => `${app} ${target}`)));
    const seen = new Set([...this.held].filter((pair) => asked.has(pair)));
    const has = (app: string, target: string): boolean => seen.has(`${app} ${target}`);
    return { has, state: (app, target) => (has(app, target) ? "held" : "free") };
  }

  async freeNow(): Promise<(app: string) => number> {
    const counted = { ...this.free };
    return (app) => counted[app] ?? 0;
  }

  readonly progress = ({ requests, ofRequests, items, ofItems }: Progress): void => {
    this.progressed.push(`${requests}/${ofRequests} ${items}/${ofItems}`);
  };

  async pause(ms: number): Promise<void> {
    this.pauses.push(ms);
  }

  private apply({ action, apps, targets }: SentRequest, kind: TargetKind): WireFailure[] {
    const failures: WireFailure[] = [];
    for (const app of apps) {
      if (action === "takeBack") {
        for (const target of targets)
          if (this.held.delete(`${app} ${target}`)) this.free[app] = (this.free[app] ?? 0) + 1;
        continue;
      }
      const wanting = targets.filter((target) => !this.held.has(`${app} ${target}`));
      const free = this.free[app] ?? 0;
      const lucky = wanting.length <= free ? wanting : this.shortage === "fill-up" ? wanting.slice(0, free) : [];
      this.hold(app, ...lucky);
      this.free[app] = free - lucky.length;
      if (lucky.length < wanting.length) failures.push(shortageOf(app, kind, wanting.slice(lucky.length)));
    }
    return failures;
  }
}

function shortageOf(app: string, kind: TargetKind, targets: readonly string[]): WireFailure {
  const named = kind === "device" ? { serialNumbers: targets } : { clientUserIds: targets };
  return { errorNumber: 9709, errorMessage: "…", errorInfo: { assets: [assetOfKey(app)], ...named } };
}
