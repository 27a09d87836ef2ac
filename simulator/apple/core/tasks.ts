import type { AssetKey } from "./asset";
import type { User } from "./assignment";

/** What one task of an event is about: an asset for a target, or a user. */
export interface Task {
  readonly asset?: AssetKey;
  readonly serialNumber?: string;
  readonly clientUserId?: string;
  /** The user entry that was created or changed; there is none when that failed. */
  readonly user?: User;
}

/**
 * Looks on while work is done, task by task. Work that nobody watches costs nothing more, which matters with half a
 * million licences.
 */
export interface TaskWatch {
  /** Is asked just before a task would be done; an error number makes it fail with that number instead. */
  refusal(): number | undefined;
  /** Is told that a task succeeded. Tasks without effect are told if they count as completed. */
  done(task: Task): void;
  /** Is told that a task failed, and with which error number. */
  failed(task: Task, errorNumber: number): void;
}

/** Remembers how the tasks of one piece of work ended, and can make all tasks fail after the first few. */
export class TaskRecord implements TaskWatch {
  readonly succeeded: Task[] = [];
  /** The failed tasks by error number, in the order in which the numbers first occurred. */
  readonly failures = new Map<number, Task[]>();
  readonly #failWith: number | undefined;
  #left: number;

  /**
   * @param failWith the error number of all tasks after the first `failAfter`; none fails when left out.
   * @param failAfter how many tasks are let through first.
   */
  constructor(failWith?: number, failAfter = 0) {
    this.#failWith = failWith;
    this.#left = failAfter;
  }

  refusal(): number | undefined {
    if (this.#failWith === undefined) {
      return undefined;
    }
    this.#left -= 1;
    return this.#left < 0 ? this.#failWith : undefined;
  }

  done(task: Task): void {
    this.succeeded.push(task);
  }

  failed(task: Task, errorNumber: number): void {
    const tasks = this.failures.get(errorNumber);
    if (tasks === undefined) {
      this.failures.set(errorNumber, [task]);
    } else {
      tasks.push(task);
    }
  }
}
