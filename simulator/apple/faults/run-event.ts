import type { ApplyWork, EventTrouble, Outcome, ServiceEvent } from "../core/event";
import { Failures } from "../core/failures";
import type { Library } from "../core/library";
import { TaskRecord } from "../core/tasks";
import type { Notifier } from "../notifications/notifier";

/**
 * Applies an event's work, with what is to go wrong with it, and tells subscribers what came of it. Tasks are only
 * recorded when somebody is told of them or something goes wrong.
 */
export function runEvent(
  notifier: Notifier,
  library: Library,
  event: ServiceEvent,
  apply: ApplyWork,
  { failWith, failAfter }: EventTrouble,
): Outcome {
  if (failWith === undefined && !notifier.wants(library, event.eventType)) {
    return apply();
  }
  const record = new TaskRecord(failWith, failAfter);
  const outcome = apply(record);
  if (failWith === undefined || failAfter !== undefined) {
    notifier.tellChange(library, event, record);
    return outcome;
  }
  notifier.tellChange(library, event, wholly(record, failWith));
  const failures = new Failures();
  failures.add(failWith, {});
  return { numRequested: event.numRequested, numCompleted: 0, failures: failures.list() };
}

/** A record in which everything failed with one error: what had failed by itself did so for the same reason. */
function wholly(record: TaskRecord, errorNumber: number): TaskRecord {
  const all = new TaskRecord();
  for (const tasks of record.failures.values()) {
    for (const task of tasks) {
      all.failed(task, errorNumber);
    }
  }
  return all;
}
