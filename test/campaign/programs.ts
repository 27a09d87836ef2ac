/** What the histories' programs are about: a few products, devices and people are enough for every case. */
export const revocableApps = ["361285480", "409183694", "409201541"] as const;
export const peopleApp = "1000000002";
export const book = "1000000001";
export const products: readonly string[] = [...revocableApps, peopleApp, book];
export const devices: readonly string[] = Array.from(
  { length: 14 },
  (_, index) => `F9FWCAMP${String(index).padStart(4, "0")}`,
);
export const people: readonly string[] = Array.from({ length: 10 }, (_, index) => `person-${index}`);

/** Devices of whole departments, and people of whole teams: as many as no limit lets go unasked. */
export const fleet: readonly string[] = Array.from(
  { length: 48 },
  (_, index) => `F9FWDEPT${String(index).padStart(4, "0")}`,
);
export const staff: readonly string[] = Array.from({ length: 18 }, (_, index) => `staff-${index}`);

/** Somebody whom nobody's set registers: another service had done that before us. */
export const stranger = "person-9";

/** A VppToken of the program. */
export interface TokenDecl {
  name: string;
  key: string;
  /** Which of the service's libraries the token opens. */
  library: number;
  /** The name that it had before, given to the engine as an alias. */
  formerly?: string;
  displayName?: string;
  managedBy?: string;
  takeOverFrom?: string;
  maxRevocations?: number;
  maxRetirements?: number;
}

/** A VppApp of the program. */
export interface AppDecl {
  name: string;
  token: string;
  adamId: string;
}

/** A VppUserSet of the program. */
export interface SetDecl {
  name: string;
  token: string;
  users: { clientUserId: string; email?: string }[];
  reclaim: boolean;
  maxRetirements?: number;
  /** Inputs that the engine leaves as they were (`ignoreChanges`). */
  ignores?: "users"[];
}

/** The inputs of a VppAssignment that the engine can change after the constructor. */
export const changeable = ["serialNumbers", "clientUserIds", "apps", "exclusive"] as const;
export type Changeable = (typeof changeable)[number];

/** A VppAssignment of the program. */
export interface AssignmentDecl {
  name: string;
  token: string;
  apps: string[];
  devices?: string[];
  people?: string[];
  intent: "required" | "uninstall";
  exclusive: boolean;
  reclaim: boolean;
  maxRevocations?: number;
  /** The name that it had before, given to the engine as an alias. */
  formerly?: string;
  /** The assignment on which it depends: its update is over before this one is checked. */
  after?: string;
  /** Inputs that the engine leaves as they were (`ignoreChanges`). */
  ignores?: Changeable[];
  /** What a transform puts in the place of the arguments. */
  engine?: Partial<Pick<AssignmentDecl, "apps" | "devices" | "people" | "exclusive">>;
}

/** A program as data. */
export interface Program {
  tokens: TokenDecl[];
  apps: AppDecl[];
  sets: SetDecl[];
  assignments: AssignmentDecl[];
  /** How many names have been given, so that no name comes twice. */
  named: number;
}

/** A program that binds its libraries and wants nothing else. */
export function emptyProgram(libraries: number): Program {
  const tokens = [{ name: "hq", key: "default", library: 0 }];
  if (libraries > 1) tokens.push({ name: "school", key: "school", library: 1 });
  return { tokens, apps: [], sets: [], assignments: [], named: 0 };
}

/** An independent copy. */
export function copyOf(program: Program): Program {
  return structuredClone(program);
}

/** A licence as a text: product, kind of target, target. */
export function pairOf(adamId: string, kind: "device" | "user", target: string): string {
  return `${adamId} ${kind} ${target}`;
}

/** The library that a resource's token opens. */
export function libraryOf(program: Program, token: string): number {
  return program.tokens.find(({ name }) => name === token)?.library ?? -1;
}

/** The assignment on which one depends, if there is one before it. */
export function predecessor({ assignments }: Program, of: AssignmentDecl): string | undefined {
  const at = assignments.indexOf(of);
  return assignments.find(({ name }, index) => index < at && name === of.after)?.name;
}

/** All licences that an assignment speaks of, whatever its intent. */
export function pairsOf({ apps, devices: serials = [], people: ids = [] }: AssignmentDecl): string[] {
  return apps.flatMap((adamId) => [
    ...serials.map((serial) => pairOf(adamId, "device", serial)),
    ...ids.map((id) => pairOf(adamId, "user", id)),
  ]);
}

/** The licences of a library that the program wants to be there. */
export function requiredIn(program: Program, library: number): Map<string, AssignmentDecl> {
  const required = new Map<string, AssignmentDecl>();
  for (const assignment of program.assignments) {
    if (assignment.intent !== "required" || libraryOf(program, assignment.token) !== library) continue;
    for (const pair of pairsOf(assignment)) required.set(pair, assignment);
  }
  return required;
}

/** Tells whether the program wants a licence gone: by `uninstall`, or because an exclusive set covers it and does not hold it. */
export function unwantedIn(
  program: Program,
  library: number,
): (adamId: string, kind: "device" | "user", target: string) => boolean {
  const own = program.assignments.filter(({ token }) => libraryOf(program, token) === library);
  return (adamId, kind, target) =>
    own.some((assignment) => {
      const targets = kind === "device" ? assignment.devices : assignment.people;
      if (targets === undefined || !assignment.apps.includes(adamId)) return false;
      return targets.includes(target) ? assignment.intent === "uninstall" : assignment.exclusive;
    });
}
