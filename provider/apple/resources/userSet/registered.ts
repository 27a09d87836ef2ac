import type { Context } from "../../../engine/kind";
import { hashOf, isSameRecord, type RecordHash, retiredHash, unseen, withoutAccount } from "./recordHash";
import type { Seen } from "./records";
import type { UserSetState } from "./types";

type Known = Pick<UserSetState, "token" | "members" | "registered" | "releasing">;

/**
 * Whom a resource may retire: those it has registered. That it has is a fact of the past, which no list undoes that lacks a person; only another
 * record of his shows that what it registered is gone. A state of 0.1.0 has nobody's hash, so the next record that is seen counts as the one.
 */
export class Registered {
  private constructor(private readonly hashes: Map<string, RecordHash>) {}

  /** Those of a state, and those of `users` whom a run that was cut off has left behind. */
  static in(
    { run }: Context,
    { token, members, registered = [], releasing = [] }: Known,
    users: readonly string[] = members.map(({ clientUserId }) => clientUserId),
  ): Registered {
    const hashes = new Map(registered.map(entryOf));
    const recorded = members.filter(({ registeredByUs }) => registeredByUs).map(({ clientUserId }) => clientUserId);
    const cutOff = users.filter((id) => run.files.wasRegistered(token.bindingId, id));
    for (const id of [...recorded, ...cutOff, ...releasing]) if (!hashes.has(id)) hashes.set(id, unseen);
    return new Registered(hashes);
  }

  has(id: string): boolean {
    return this.hashes.has(id);
  }

  get ids(): string[] {
    return [...this.hashes.keys()];
  }

  /** Takes in what a look has shown: who has another record now is nobody of ours any more. */
  learn({ active, retired }: Seen): void {
    for (const [id, kept] of this.hashes) {
      const record = active.get(id);
      const gone = retired.get(id);
      if (record !== undefined) {
        if (isSameRecord(kept, record)) this.hashes.set(id, hashOf(record, kept));
        else this.hashes.delete(id);
      } else if (gone !== undefined) this.hashes.set(id, retiredHash(kept, gone));
    }
  }

  /** Somebody was registered by this resource. */
  add(id: string, seen?: Seen): void {
    const record = seen?.active.get(id);
    this.hashes.set(id, record === undefined ? unseen : hashOf(record));
  }

  /** This resource has linked an account to somebody, or may have. */
  relink(id: string, seen?: Seen): void {
    const kept = this.hashes.get(id);
    if (kept === undefined) return;
    const record = seen?.active.get(id);
    const open = withoutAccount(kept);
    this.hashes.set(id, record === undefined ? open : hashOf(record, open));
  }

  /** What the state keeps of these people, each as hash and id. */
  entries(ids: readonly string[]): string[] {
    return ids.flatMap((id) => (this.hashes.has(id) ? [`${this.hashes.get(id)!} ${id}`] : []));
  }
}

function entryOf(entry: string): [string, RecordHash] {
  const end = entry.indexOf(" ");
  return [entry.slice(end + 1), entry.slice(0, end)];
}
