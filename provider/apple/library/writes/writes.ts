import { Semaphore } from "../../../http/semaphore";
import type { Client, Limits, Permission } from "../../api/client";
import type { WireUserRequest } from "../../api/wire";
import type { LibraryRef } from "../library";
import { requestFor } from "./assignmentBatch";
import { BulkCompletionPoller, type CompletionAccess } from "./bulkCompletionPoller";
import { type EventSettings, type OnPending, type Settled, settle } from "./events";
import { type JobEnd, SharedWrites, type WriteJob } from "./sharedWrites";

/** All that is written to one library in a run, past one gate and under one permission. */
export class Writes {
  /**
   * Writes go out one at a time, each after the answer to the one before, so that at most one is on its way when an answer shows that the
   * library is another's. Only their acceptance is waited for: the work itself still overlaps.
   */
  private readonly gate = new Semaphore(1);
  private readonly sightings: BulkCompletionPoller;
  private readonly shared: SharedWrites;

  /** `requireHolder` refuses when the library does not bear the mark that it should. */
  constructor(
    private readonly client: Client,
    private readonly events: EventSettings,
    sighting: Pick<CompletionAccess, "assets" | "pageSizeOf">,
    private readonly requireHolder: (ref: LibraryRef) => Promise<void>,
  ) {
    this.sightings = new BulkCompletionPoller({
      ...sighting,
      read: async (adamId) => (await client.assignments({ adamId })).items,
      now: events.now,
    });
    this.shared = new SharedWrites({
      limits: () => this.limits(),
      send: (job, whenAccepted) => this.send(job, whenAccepted),
    });
  }

  /** The service's limits as they are now. */
  async limits(): Promise<Limits> {
    return (await this.client.serviceConfig()).limits;
  }

  /** Lets something go out between two writes. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.gate.run(task);
  }

  /** Gives or takes back licences, if it can be in one request with others that wait, and waits for the end of it. */
  licences(job: WriteJob): Promise<JobEnd> {
    return this.shared.send(job);
  }

  /** Creates, updates or retires users and waits for the end of it. */
  users(
    ref: LibraryRef,
    action: "create" | "update" | "retire",
    users: readonly WireUserRequest[],
    onPending?: OnPending,
  ): Promise<Settled> {
    const send = this.guarded(ref, (permission) => this.client.manageUsers(action, users, permission));
    return settle(this.client, send, this.events, onPending);
  }

  private send({ ref, action, kind, rectangle, onPending }: WriteJob, whenAccepted: () => void): Promise<Settled> {
    const request = requestFor(kind, rectangle);
    const send = this.guarded(ref, (permission) =>
      action === "give" ? this.client.associate(request, permission) : this.client.disassociate(request, permission),
    );
    const sendAndTell = (): Promise<string> => send().finally(whenAccepted);
    const startWatch = () => this.sightings.watch(action === "give", kind, rectangle);
    return settle(this.client, sendAndTell, this.events, onPending, startWatch);
  }

  /** A write that passes the gate, and that is refused without being sent once the library is not ours any more. */
  private guarded(ref: LibraryRef, send: (permission: Permission) => Promise<string>): () => Promise<string> {
    const permission = (): Promise<void> => this.requireHolder(ref);
    return () => this.gate.run(() => send(permission));
  }
}
