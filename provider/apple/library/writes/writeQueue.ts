import { isVppError, type VppError } from "../../../errors";
import type { Client, Limits, Permission } from "../../api/client";
import { isRetryable } from "../../api/errorTable";
import type { ClientConfigAnswer, MdmInfo, WireUserRequest } from "../../api/wire";
import type { LibraryRef } from "../libraryRef";
import type { LibraryLog } from "../log/libraryLog";
import type { Write } from "../log/writes";
import type { Rectangle } from "../rectangles";
import type { Operation, RequestPart, RunFiles } from "../runs/runFiles";
import type { BulkCompletionPoller } from "./bulkCompletionPoller";
import { type Grouped, requestFor, takeGroup, unionOf } from "./grouping";
import { type EventSettings, type OnPending, type Settled, settle } from "./settle";

/** One request's worth of licences of one resource. */
export interface WriteJob extends Grouped {
  readonly onPending: OnPending;
  /** Whose work it is, for the run file. */
  readonly operation?: Operation | undefined;
  /** When to give up, in milliseconds; all tries and waits together. */
  readonly deadline: number;
}

/** What became of a job, and whether its request held other jobs too: then a failure may be theirs. */
export type JobEnd = Settled & { readonly isShared: boolean };

/** What is done to people. */
export type UserAction = "create" | "update" | "retire";

/** What the queue needs of the library that it writes to. */
export interface QueueAccess {
  readonly client: Client;
  readonly log: LibraryLog;
  readonly poller: BulkCompletionPoller;
  readonly events: EventSettings;
  /** Where it is noted what was sent, for the run after one that is cut off. */
  readonly files: RunFiles;
  /** Refuses when nothing may be written any more: the library is another's, or the engine is gone. */
  readonly guard: (ref: LibraryRef) => Promise<void>;
}

interface Waiting {
  /** Sends what waits; resolves when the service has taken it or has not, and the next may go. */
  readonly go: () => Promise<void>;
  readonly job?: WriteJob;
}

interface WaitingJob extends Waiting {
  readonly job: WriteJob;
  readonly resolve: (end: JobEnd) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * All that a run writes to one library. One thing is sent at a time, each after the answer to the one before, so that at most one is on its
 * way when an answer shows that the library is another's; only acceptance is waited for, the work itself overlaps. Jobs that wait at the same
 * time and have equal apps or equal targets go out as one request. Whatever throws ends its own job, never the queue.
 */
export class WriteQueue {
  private readonly waiting: Waiting[] = [];
  private isSending = false;

  constructor(private readonly access: QueueAccess) {}

  /** The service's limits: as known, or asked for anew because a request went over them. */
  async limits(anew = false): Promise<Limits> {
    const { client } = this.access;
    return (await (anew ? client.serviceConfigNow() : client.serviceConfig())).limits;
  }

  /** When a write that begins now is given up. */
  deadline(): number {
    return this.access.events.now() + this.access.events.timeoutMs;
  }

  /** Assigns or revokes licences and waits for the end of it; rejects with a refusal that says that nothing of it was done. */
  async licences(job: WriteJob): Promise<JobEnd> {
    const limits = await this.limits();
    return new Promise((resolve, reject) => {
      const waiting: WaitingJob = { job, resolve, reject, go: () => this.sendGroup(waiting, limits) };
      this.enqueue(waiting);
    });
  }

  /** Creates, updates or retires people and waits for the end of it. */
  users(
    ref: LibraryRef,
    action: UserAction,
    users: readonly WireUserRequest[],
    deadline: number,
    onPending?: OnPending,
  ): Promise<Settled> {
    const { client, events } = this.access;
    const send = (): Promise<string> => this.inTurn(() => client.manageUsers(action, users, this.permission(ref)));
    return settle(client, { send, deadline, ...(onPending && { onPending }) }, events);
  }

  /** Writes the mark on the library between two writes. */
  mark(mdmInfo: MdmInfo, permission: Permission): Promise<ClientConfigAnswer> {
    return this.inTurn(() => this.access.client.setMark(mdmInfo, permission));
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const go = (): Promise<void> => Promise.resolve().then(task).then(resolve, reject);
      this.enqueue({ go });
    });
  }

  private enqueue(waiting: Waiting): void {
    this.waiting.push(waiting);
    if (!this.isSending) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) await next.go();
    this.isSending = false;
  }

  /** Sends a job together with what may go with it; resolves at the acceptance, and settles each job when the work has ended. */
  private sendGroup(first: WaitingJob, limits: Limits): Promise<void> {
    return new Promise((accepted) => {
      let group: readonly WaitingJob[] = [first];
      const fail = (error: unknown): void => {
        for (const each of group) each.reject(error);
      };
      try {
        group = takeGroup(first, this.waiting as WaitingJob[], limits);
        void this.settleGroup(group, accepted).catch(fail).finally(accepted);
      } catch (error) {
        fail(error);
        accepted();
      }
    });
  }

  private async settleGroup(group: readonly WaitingJob[], whenAccepted: () => void): Promise<void> {
    const [{ job: first }] = group as readonly [WaitingJob];
    const rectangle = unionOf(group.map(({ job }) => job.rectangle));
    const share = (done: number): void => {
      for (const { job } of group) job.onPending(Math.floor((done / sizeOf(rectangle)) * sizeOf(job.rectangle)));
    };
    const deadline = Math.max(...group.map(({ job }) => job.deadline));
    const isShared = group.length > 1;
    try {
      const parts = group.map(({ job }) => ({ ...job.rectangle, operation: job.operation }));
      const settled = await this.send({ ...first, rectangle, onPending: share, deadline }, parts, whenAccepted);
      for (const { resolve } of group) resolve({ ...settled, isShared });
    } catch (error) {
      for (const { job, resolve, reject } of group) {
        // Others' work may have been the reason for a refusal of the whole.
        if (isShared && isVppError(error) && isAboutContent(error))
          this.licences({ ...job, isAlone: true }).then(resolve, reject);
        else reject(error);
      }
    }
  }

  /** Sends one request, keeps it in the log from the moment it goes out, and waits for its end. */
  private async send(job: WriteJob, parts: readonly RequestPart[], whenAccepted: () => void): Promise<Settled> {
    const { client, log, poller, events, files } = this.access;
    const { ref, action, kind, rectangle, deadline, onPending } = job;
    const request = requestFor(kind, rectangle);
    let write: Write | undefined;
    let noted = 0;
    const guard = this.permission(ref);
    const permission = async (): Promise<void> => {
      await guard();
      if (write !== undefined) return;
      write = log.startWrite(action, kind, rectangle);
      noted = files.sending(ref.bindingId, action, kind, parts);
    };
    let hasBeenAccepted = false;
    const sendOnce = async (): Promise<string> => {
      const eventId = await (action === "give"
        ? client.associate(request, permission)
        : client.disassociate(request, permission));
      files.accepted(noted, eventId);
      return eventId;
    };
    // What is sent again after ten minutes waits for its turn like everything else.
    const send = (): Promise<string> =>
      (hasBeenAccepted ? this.inTurn(sendOnce) : sendOnce()).finally(() => {
        hasBeenAccepted = true;
        whenAccepted();
      });
    const startWatch = () => poller.watch(action === "give", kind, rectangle);
    try {
      const settled = await settle(client, { send, deadline, onPending, startWatch }, events);
      if (write) log.endWrite(write, settled.kind === "unsure" ? "lost" : settled.kind);
      files.ended(noted, settled.kind === "unsure" ? "open" : "done");
      return settled;
    } catch (error) {
      if (write) {
        endRefused(log, write, error);
        files.ended(noted, isVppError(error) ? "refused" : "open");
      }
      throw error;
    }
  }

  private permission(ref: LibraryRef): Permission {
    return () => this.access.guard(ref);
  }
}

function sizeOf({ apps, targets }: Rectangle): number {
  return apps.length * targets.length;
}

/** A refusal says that nothing was done; anything else that is thrown says nothing. */
function endRefused(log: LibraryLog, write: Write, error: unknown): void {
  if (isVppError(error)) log.dropWrite(write);
  else log.endWrite(write, "lost");
}

/** The service has refused what the request asks for, not the token, the rate or the library. */
function isAboutContent({ code, details }: VppError): boolean {
  const { serviceCode } = details;
  const isRefusal = code === "VPP_SERVICE_ERROR" || code === "VPP_LIMIT_NO_LICENSES";
  return isRefusal && serviceCode !== undefined && !isRetryable(serviceCode);
}
