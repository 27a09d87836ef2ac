import { isVppError, type VppError } from "../../../errors";
import type { Limits } from "../../api/client";
import { isRetryable } from "../../api/errorTable";
import type { LibraryRef } from "../library";
import type { TargetKind } from "../readings/assignmentCache";
import type { Rectangle } from "../rectangles";
import type { Action } from "./assignmentBatch";
import type { OnPending, Settled } from "./events";

/** One request's worth of work of one resource. */
export interface WriteJob {
  readonly ref: LibraryRef;
  readonly action: Action;
  readonly kind: TargetKind;
  readonly rectangle: Rectangle;
  /** Never in one request with another's. */
  readonly isAlone: boolean;
  readonly onPending: OnPending;
}

/** What became of a job, and whether its request held other jobs too: then a failure may be theirs. */
export type JobEnd = Settled & { readonly isShared: boolean };

/** How requests are sent; `whenAccepted` is called when the service has taken the request, or has not. */
export interface SharedWriteAccess {
  limits(): Promise<Limits>;
  send(job: WriteJob, whenAccepted: () => void): Promise<Settled>;
}

interface Waiting {
  readonly job: WriteJob;
  readonly resolve: (end: JobEnd) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The writes of all resources of a run on their way to one library. Each waits until the one before has been accepted; those that wait at
 * the same time and have equal apps or equal targets go out as one request, as large as the limits allow.
 */
export class SharedWrites {
  private readonly waiting: Waiting[] = [];
  private isSending = false;

  constructor(private readonly access: SharedWriteAccess) {}

  /** Resolves when the work has ended; rejects with a refusal that says that nothing of it was done. */
  async send(job: WriteJob): Promise<JobEnd> {
    const limits = await this.access.limits();
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      void this.sendAll(limits);
    });
  }

  private async sendAll(limits: Limits): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    while (this.waiting.length > 0) {
      const group = this.takeGroup(limits);
      await new Promise<void>((accepted) => {
        void this.settleGroup(group, accepted);
      });
    }
    this.isSending = false;
  }

  private async settleGroup(group: readonly Waiting[], whenAccepted: () => void): Promise<void> {
    const { job: first } = group[0]!;
    const rectangle = union(group.map(({ job }) => job.rectangle));
    const onPending: OnPending = (done) => {
      const share = done / sizeOf(rectangle);
      for (const { job } of group) job.onPending(Math.floor(share * sizeOf(job.rectangle)));
    };
    const isShared = group.length > 1;
    try {
      const settled = await this.access.send({ ...first, rectangle, onPending }, whenAccepted);
      for (const { resolve } of group) resolve({ ...settled, isShared });
    } catch (error) {
      for (const { job, resolve, reject } of group) {
        if (isShared && isVppError(error) && isAboutContent(error))
          this.send({ ...job, isAlone: true }).then(resolve, reject);
        else reject(error);
      }
    } finally {
      whenAccepted();
    }
  }

  private takeGroup({ maxAssets, maxSerialNumbers, maxClientUserIds }: Limits): Waiting[] {
    const first = this.waiting.shift()!;
    const maxTargets = first.job.kind === "device" ? maxSerialNumbers : maxClientUserIds;
    const candidates = this.waiting.filter((other) => mayGoWith(first.job, other.job));
    const sameApps = fitting(first, candidates, "apps", "targets", maxTargets);
    const sameTargets = fitting(first, candidates, "targets", "apps", maxAssets);
    const others = sameApps.length >= sameTargets.length ? sameApps : sameTargets;
    for (const other of others) this.waiting.splice(this.waiting.indexOf(other), 1);
    return [first, ...others];
  }
}

function mayGoWith(a: WriteJob, b: WriteJob): boolean {
  return (
    !a.isAlone &&
    !b.isAlone &&
    a.action === b.action &&
    a.kind === b.kind &&
    a.ref.bindingId === b.ref.bindingId &&
    a.ref.managedBy === b.ref.managedBy
  );
}

/** Those whose `equal` side is the first one's, for as long as the other sides together stay within `most`. */
function fitting(
  first: Waiting,
  candidates: readonly Waiting[],
  equal: keyof Rectangle,
  joined: keyof Rectangle,
  most: number,
): Waiting[] {
  const side = new Set(first.job.rectangle[equal]);
  const together = new Set(first.job.rectangle[joined]);
  const taken: Waiting[] = [];
  for (const candidate of candidates) {
    const { [equal]: same, [joined]: more } = candidate.job.rectangle;
    if (same.length !== side.size || together.size + more.length > most) continue;
    if (!same.every((value) => side.has(value))) continue;
    for (const value of more) together.add(value);
    taken.push(candidate);
  }
  return taken;
}

function union(rectangles: readonly Rectangle[]): Rectangle {
  if (rectangles.length === 1) return rectangles[0]!;
  return {
    apps: [...new Set(rectangles.flatMap(({ apps }) => apps))],
    targets: [...new Set(rectangles.flatMap(({ targets }) => targets))],
  };
}

function sizeOf({ apps, targets }: Rectangle): number {
  return apps.length * targets.length;
}

/** The service has refused what the request asks for, not the token, the pace or the library: others' work may have been the reason. */
function isAboutContent({ code, details }: VppError): boolean {
  const { serviceCode } = details;
  const isRefusal = code === "VPP_SERVICE_ERROR" || code === "VPP_LIMIT_NO_LICENSES";
  return isRefusal && serviceCode !== undefined && !isRetryable(serviceCode);
}
