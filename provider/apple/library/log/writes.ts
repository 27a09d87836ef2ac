import type { Rectangle } from "../rectangles";
import type { TargetKind } from "../targets";

/** What is done to pairs of an app and a target. */
export type Action = "give" | "takeBack";

/**
 * How a write stands. `pending`: sent, and its end not known yet. `complete`: all of it was done. `failed`: it ended, and a part or all of
 * it was not done. `lost`: its end will never be learned, so it may still take effect.
 */
export type WriteStatus = "pending" | "complete" | "failed" | "lost";

/** One request that changes licences, from the moment it may have reached the service. */
export class Write {
  readonly apps: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
  status: WriteStatus = "pending";
  /** When its end was learned, in milliseconds. */
  settledAt = Number.POSITIVE_INFINITY;

  constructor(
    readonly action: Action,
    readonly kind: TargetKind,
    rectangle: Rectangle,
    readonly sentAt: number,
  ) {
    this.apps = new Set(rectangle.apps);
    this.targets = new Set(rectangle.targets);
  }
}

const none: readonly Write[] = [];

/** All writes of a run to one library, found by what they touch. Kept as apps times targets, never as pairs. */
export class WriteIndex {
  private readonly byTarget: Readonly<Record<TargetKind, Map<string, Write[]>>> = {
    device: new Map(),
    user: new Map(),
  };
  private readonly byApp = new Map<string, Write[]>();

  add(write: Write): void {
    for (const app of write.apps) append(this.byApp, app, write);
    for (const target of write.targets) append(this.byTarget[write.kind], target, write);
  }

  /** Takes out a write of which the service has said that nothing was done. */
  remove(write: Write): void {
    for (const app of write.apps) take(this.byApp, app, write);
    for (const target of write.targets) take(this.byTarget[write.kind], target, write);
  }

  /** The writes that touch any pair of an app, oldest first. */
  ofApp(app: string): readonly Write[] {
    return this.byApp.get(app) ?? none;
  }

  /** The writes that touch any pair of a target, oldest first. */
  ofTarget(kind: TargetKind, target: string): readonly Write[] {
    return this.byTarget[kind].get(target) ?? none;
  }
}

function append(index: Map<string, Write[]>, key: string, write: Write): void {
  const writes = index.get(key);
  if (writes === undefined) index.set(key, [write]);
  else writes.push(write);
}

function take(index: Map<string, Write[]>, key: string, write: Write): void {
  const left = index.get(key)?.filter((each) => each !== write) ?? [];
  if (left.length === 0) index.delete(key);
  else index.set(key, left);
}
