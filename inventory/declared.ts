import type { AssetRef } from "../provider/apple/library/library";
import { assetKey } from "../provider/apple/library/readings/assets";
import { covering, type Rectangle } from "../provider/apple/library/rectangles";
import { asRecord, clear, type StoredResource } from "./deployment";
import type { Inventory } from "./types";

const typePrefix = "pulumi-nodejs:dynamic/vpp:";

/** A VppToken of a state. */
export interface DeclaredToken {
  readonly name: string;
  readonly contentTokenKey: string;
  readonly libraryId: string;
  readonly bindingId?: string;
  readonly managedBy?: string;
  readonly displayName?: string;
}

/** How a resource names its library: the key of the token that opens it, and whose mark should be on it. */
export interface DeclaredRef {
  readonly contentTokenKey: string;
  readonly bindingId?: string;
  readonly managedBy?: string;
}

/** What the states of one or more stacks say of one library. */
export class Declared {
  readonly tokens: DeclaredToken[] = [];
  /** Each way in which a resource names the library, once; a stack that takes a token from another stack's outputs has no token of its own. */
  readonly refs: DeclaredRef[] = [];
  /** People of the user sets. */
  readonly users = new Set<string>();
  /** Names of the user sets whose people the state holds encrypted. */
  readonly unreadableSets: string[] = [];
  /** Names of the assignments whose apps or targets the state holds encrypted: nobody can tell which licences they declare. */
  readonly unreadableAssignments: string[] = [];
  private readonly required: Record<"device" | "user", Rectangle[]> = { device: [], user: [] };

  addToken(token: DeclaredToken): void {
    this.tokens.push(token);
  }

  addRef({ contentTokenKey, bindingId, managedBy }: DeclaredRef): void {
    const isKnown = this.refs.some(
      (ref) => ref.contentTokenKey === contentTokenKey && ref.bindingId === bindingId && ref.managedBy === managedBy,
    );
    if (!isKnown) this.refs.push({ contentTokenKey, bindingId, managedBy });
  }

  addSet(name: string, users: unknown): void {
    if (!Array.isArray(users)) {
      this.unreadableSets.push(name);
      return;
    }
    for (const user of users) {
      const { clientUserId } = asRecord(user);
      if (typeof clientUserId === "string") this.users.add(clientUserId);
    }
  }

  addAssignment(name: string, state: Record<string, unknown>): void {
    const { apps, serialNumbers, clientUserIds } = state;
    if (["apps", "serialNumbers", "clientUserIds"].some((key) => key in state && isSealed(state[key]))) {
      this.unreadableAssignments.push(name);
      return;
    }
    const keys = list(apps).map((app) => assetKey(asRecord(app) as unknown as AssetRef));
    this.required.device.push({ apps: keys, targets: list(serialNumbers) as string[] });
    this.required.user.push({ apps: keys, targets: list(clientUserIds) as string[] });
  }

  /** Tells whether a licence is one that a resource requires. */
  requires(kind: "device" | "user"): (app: string, target: string) => boolean {
    return covering(this.required[kind]);
  }

  /** All targets that a resource gives a licence to. */
  targets(kind: "device" | "user"): ReadonlySet<string> {
    return new Set(this.required[kind].flatMap(({ targets }) => targets));
  }
}

/** What states declare, by the id of the library. */
export function declaredBy(resources: readonly StoredResource[]): Map<string, Declared> {
  const byLibrary = new Map<string, Declared>();
  const of = (libraryId: string): Declared => {
    const declared = byLibrary.get(libraryId) ?? new Declared();
    byLibrary.set(libraryId, declared);
    return declared;
  };
  const homeless: string[] = [];
  for (const { urn, type, outputs } of resources) {
    if (!type.startsWith(typePrefix)) continue;
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    const state = asRecord(clear(outputs));
    const libraryId = type === `${typePrefix}VppToken` ? state.libraryId : asRecord(state.token).libraryId;
    if (typeof libraryId !== "string") {
      if (type === `${typePrefix}VppAssignment`) homeless.push(name);
      continue;
    }
    const declared = of(libraryId);
    const isToken = type === `${typePrefix}VppToken`;
    const ref = { contentTokenKey: "default", ...texts(isToken ? state : asRecord(state.token)) };
    declared.addRef(ref);
    if (isToken) declared.addToken({ ...ref, name, libraryId });
    if (type === `${typePrefix}VppUserSet`) declared.addSet(name, state.users);
    if (type === `${typePrefix}VppAssignment` && state.intent !== "uninstall") declared.addAssignment(name, state);
  }
  // An assignment whose token is encrypted may be any library's.
  for (const declared of byLibrary.values()) declared.unreadableAssignments.push(...homeless);
  return byLibrary;
}

function texts(state: Record<string, unknown>): Record<string, string> {
  const keys = ["contentTokenKey", "bindingId", "managedBy", "displayName"];
  return Object.fromEntries(
    keys.flatMap((key) => (typeof state[key] === "string" ? [[key, state[key]] as [string, string]] : [])),
  );
}

/** Whether a value that is there, or a part of it, was encrypted; what is encrypted comes out of {@link clear} as undefined. */
function isSealed(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isSealed);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What is at the service and in no state. */
export interface Undeclared {
  /** Names of the assignments that could not be read, since the state holds them encrypted; with any, the rest is empty, not known. */
  readonly unreadable: readonly string[];
  /** Licences, by app key. */
  readonly devices: ReadonlyMap<string, readonly string[]>;
  readonly users: ReadonlyMap<string, readonly string[]>;
  /** Devices that hold licences and that no resource names. */
  readonly serialNumbers: readonly string[];
  /** Active people in no user set, to whom no resource gives a licence either; absent if the people of a set, or of the library, can't be read. */
  readonly clientUserIds?: readonly string[];
  /** How many licences there are in all of `devices` and `users`. */
  readonly count: number;
}

/** Holds a library against what is declared of it. The library's licences must have been read. */
export function undeclaredIn({ licences, users }: Inventory, declared: Declared = new Declared()): Undeclared {
  const unreadable = declared.unreadableAssignments;
  if (unreadable.length > 0) return { unreadable, devices: new Map(), users: new Map(), serialNumbers: [], count: 0 };
  const isRequired = { device: declared.requires("device"), user: declared.requires("user") };
  const known = declared.targets("device");
  const strangers = new Set<string>();
  let count = 0;
  const without = (kind: "device" | "user"): Map<string, readonly string[]> => {
    const left = new Map<string, readonly string[]>();
    for (const [app, targets] of licences?.[kind === "device" ? "devices" : "users"] ?? []) {
      const extra = [...targets].filter((target) => !isRequired[kind](app, target));
      if (kind === "device") for (const serial of targets) if (!known.has(serial)) strangers.add(serial);
      if (extra.length === 0) continue;
      left.set(app, extra);
      count += extra.length;
    }
    return left;
  };
  const devices = without("device");
  const people = without("user");
  const named = declared.targets("user");
  const isStranger = (id: string): boolean => !declared.users.has(id) && !named.has(id);
  const isComplete = users !== undefined && declared.unreadableSets.length === 0;
  return {
    unreadable,
    devices,
    users: people,
    serialNumbers: [...strangers].sort(),
    ...(isComplete && {
      clientUserIds: users.map(({ clientUserId }) => clientUserId).filter(isStranger),
    }),
    count,
  };
}
