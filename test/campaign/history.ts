/**
 * A history as plain data: a world to begin with, and steps. Steps name what they work on by numbers that are taken modulo whatever is
 * there, so that any part of a history is a history too. That is what lets a failing one shrink.
 */
export interface History {
  readonly setting: Setting;
  readonly steps: readonly Step[];
}

/** What the service is like before the first step. */
export interface Setting {
  /** One library, or two with a token each. */
  readonly libraries: 1 | 2;
  /** Licences of each product that has an end; scarce ones run out. */
  readonly totals: readonly number[];
  readonly pageSize: number;
  /** In the provider's time. */
  readonly eventDelayMs: number;
  /** Whether open questions about the service are answered in the way that is hardest on us. */
  readonly strict: boolean;
  /** Licences and people that were there before us. */
  readonly before: readonly ForeignAct[];
  /** The edits that make the first program. */
  readonly program: readonly Edit[];
}

/** What can be changed in a program. `which` and `other` pick resources, `picks` picks apps, devices and people. */
export interface Edit {
  readonly kind: (typeof editKinds)[number];
  readonly which: number;
  readonly other: number;
  readonly picks: readonly number[];
  /** Leaves contradictions in, which must then be refused. */
  readonly careless?: boolean;
}

export const editKinds = [
  "addDevices",
  "addPeople",
  "addBook",
  "grow",
  "shrink",
  "halve",
  "addApp",
  "dropApp",
  "rename",
  "renameWithAlias",
  "split",
  "merge",
  "move",
  "flipIntent",
  "flipExclusive",
  "flipReclaim",
  "setBrake",
  "remove",
  "addSet",
  "growSet",
  "shrinkSet",
  "movePerson",
  "renameSet",
  "removeSet",
  "changeEmail",
  "flipSetReclaim",
  "setUserBrake",
  "toggleApp",
  "labelToken",
  "managedBy",
  "takeOver",
  "renameToken",
  "addChain",
  "dependOn",
  "addDepartments",
  "addTeams",
  "loseDepartments",
  "loseTeams",
  "renameShrunk",
  "allowRun",
  "limitRun",
  "ignoreTargets",
  "ignoreApps",
  "ignoreExclusive",
  "transform",
  "ignoreUsers",
  "halveLargest",
  "emptyLargest",
  "tightenLargest",
] as const;

/** What another service, a person or the shop does. */
export interface ForeignAct {
  readonly kind: (typeof foreignKinds)[number];
  readonly library: number;
  readonly picks: readonly number[];
}

/** What is no hostility. */
export const peaceful = [
  "buy",
  "refund",
  "refundHeld",
  "assign",
  "unassign",
  "registerPerson",
  "retirePerson",
  "accept",
] as const;

export const foreignKinds = [
  ...peaceful,
  "seize",
  "giveBack",
  "dropApp",
  "revokeToken",
  "expireToken",
  "renewToken",
  "shrinkLimits",
  "moveClock",
] as const;

/** What goes wrong, or happens meanwhile, during an operation. `at` counts the requests that reach the service. */
export type Trouble =
  | {
      readonly kind: "fault";
      readonly path: string;
      readonly after: number;
      readonly times: number;
      readonly action: object;
    }
  | { readonly kind: "killHost"; readonly at: number; readonly answered: boolean }
  | Cut
  | { readonly kind: "meanwhile"; readonly at: number; readonly act: ForeignAct }
  | { readonly kind: "jumpClock"; readonly at: number }
  /** Somebody begins the same on the same machine, with the state as it is by then. */
  | { readonly kind: "secondRun"; readonly at: number };

/**
 * The run is cut off. `killEngine`: the CLI alone is killed, and its host goes on; `hangUp`: the terminal is closed, which ends the program first;
 * `ctrlC`: the user has cancelled; `loseState`: whatever is written to the state from now on gets lost.
 */
export interface Cut {
  readonly kind: (typeof cuts)[number];
  readonly at: number;
  readonly answered: boolean;
}

export const cuts = ["killEngine", "hangUp", "ctrlC", "loseState"] as const;

/** The commands that a person gives. */
export const commands = ["up", "preview", "refresh", "upRefresh", "upTarget", "replace", "taint", "destroy"] as const;

/** One step of a history. */
export type Step =
  | { readonly do: "edit"; readonly edit: Edit }
  | {
      readonly do: (typeof commands)[number];
      readonly picks: readonly number[];
      readonly trouble: readonly Trouble[];
    }
  | { readonly do: "foreign"; readonly act: ForeignAct }
  /** Buys or refunds so many licences of an app that the program just fits, or that one is lacking. */
  | { readonly do: "fit"; readonly app: number; readonly library: number; readonly spare: 0 | -1 }
  /** Goes back to the program of the last run but one. */
  | { readonly do: "rollBack" }
  /** Keeps a copy of the stack's state, and goes on from the copy that was kept. */
  | { readonly do: "copyState" }
  | { readonly do: "useCopy" };
