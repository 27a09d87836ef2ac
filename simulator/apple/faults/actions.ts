import type { AnswerFields, RequestAction as AnyRequestAction } from "../../kit/faults/actions";

/** An answer with an error number of the service. */
export type ErrorNumberAction = {
  readonly type: "errorNumber";
  readonly errorNumber: number;
  readonly status?: number;
} & AnswerFields;

/** What goes wrong with a request. */
export type RequestAction = AnyRequestAction | ErrorNumberAction;

/** What is wrong with the answer of a list (GET assets, assignments or users). Nothing is wrong with what it lists. */
export type ListAction =
  /** It lacks the first so many records. */
  | ({ readonly type: "list-drop"; readonly count: number } & SizeField)
  /** It lacks all records. */
  | ({ readonly type: "list-empty" } & SizeField)
  /** It lacks the records that bear all of these values. */
  | ({
      readonly type: "list-without";
      readonly adamId?: string;
      readonly pricingParam?: string;
      readonly serialNumber?: string;
      readonly clientUserId?: string;
    } & SizeField)
  /** It bears the records of the page before; the first page bears its own. */
  | {
      readonly type: "list-repeat";
      /** Whether the page says that it is the one asked for, which it does when left out, or the one it repeats. */
      readonly index?: "asked" | "repeated";
    }
  /** The list gets another `versionId` just before it is answered, although nothing of it changed. */
  | { readonly type: "list-moved" };

interface SizeField {
  /** Whether `size` counts the records that come, as it does when left out, or those that should have come. */
  readonly size?: "sent" | "meant";
}

/** What goes wrong with an event. */
export type EventAction =
  /** It stays pending: for good, or so many milliseconds, while later ones overtake it. */
  | { readonly type: "event-pending"; readonly forMs?: number }
  /** It is processed so many milliseconds later, and so are those behind it. */
  | { readonly type: "event-late"; readonly ms: number }
  /** It fails as a whole; nothing is done. */
  | { readonly type: "event-fails"; readonly errorNumber: number }
  /** The first tasks are done, the others fail. */
  | { readonly type: "event-partly"; readonly done: number; readonly errorNumber: number }
  /** Once it was processed, its status is unknown (9708). */
  | { readonly type: "event-forgotten" }
  /** Once it was processed, its status is any text. */
  | { readonly type: "event-status"; readonly status: string };

/** What a fault does. */
export type FaultAction = RequestAction | ListAction | EventAction;

/** Whether an action is about the answer of a list. */
export function isListAction(action: FaultAction): action is ListAction {
  return action.type.startsWith("list-");
}

/** Whether an action is about an event, not about a request. */
export function isEventAction(action: FaultAction): action is EventAction {
  return action.type.startsWith("event-");
}
