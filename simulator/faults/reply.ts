import { setTimeout as sleep } from "node:timers/promises";
import type { PageTrouble } from "../apple/call";
import type { ServiceAnswer } from "../apple/service";
import { Refusal } from "../core/errors";
import { isListAction, type ListAction, type RequestAction } from "./actions";
import { faultyList } from "./list-answer";

const PAGE = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>";

/** What goes back to the client. */
export interface Reply {
  /** What the list of requests tells; its status is 0 when nothing is sent. */
  readonly answer: ServiceAnswer;
  readonly text: string;
  readonly contentType: string;
  /** The whole answer, half of it, nothing before the connection breaks, or nothing at all. */
  readonly sent: "whole" | "half" | "break" | "nothing";
}

/** The reply of a request that meets no fault. */
export function replyWith(answer: ServiceAnswer, sent: Reply["sent"] = "whole"): Reply {
  return { answer, text: JSON.stringify(answer.body), contentType: "application/json", sent };
}

/** The reply of a request that meets a fault. `work` does what the request asks for. */
export async function faultyReply(
  action: RequestAction | ListAction,
  work: (trouble?: PageTrouble) => Promise<ServiceAnswer>,
): Promise<Reply> {
  if (isListAction(action)) {
    return replyWith(faultyList(action, await work(troubleOf(action))));
  }
  switch (action.type) {
    case "delay":
      await sleep(action.ms, undefined, { ref: false });
      return replyWith(await work());
    case "lose-answer":
      return replyWith(await work(), "break");
    case "truncate":
      return replyWith(await work(), "half");
    case "reset":
      return replyWith({ status: 0, body: {}, headers: {} }, "break");
    case "hang":
      return replyWith({ status: 0, body: {}, headers: {} }, "nothing");
    default:
      return otherReply(action, action.workDone === true ? await work() : undefined);
  }
}

function troubleOf(action: ListAction): PageTrouble {
  return {
    ...(action.type === "list-repeat" && { repeats: action.index ?? "asked" }),
    ...(action.type === "list-moved" && { moves: true }),
  };
}

type OtherAction = Extract<RequestAction, { workDone?: boolean }>;

function otherReply(action: OtherAction, done: ServiceAnswer | undefined): Reply {
  const headers: Record<string, string> =
    action.retryAfter === undefined ? {} : { "Retry-After": String(action.retryAfter) };
  if (action.type === "errorNumber") {
    const refusal = new Refusal(action.errorNumber, action.status === undefined ? {} : { status: action.status });
    const { status, errorNumber } = refusal;
    const answer = { body: {}, ...done, status, headers, errorNumber };
    return { answer, text: JSON.stringify(refusal.body()), contentType: "application/json", sent: "whole" };
  }
  const { text, contentType } =
    action.type === "non-json" ? { text: PAGE, contentType: "application/json" } : bodyOf(action);
  const answer = { body: {}, ...done, status: action.status ?? 200, headers };
  return { answer, text, contentType, sent: "whole" };
}

function bodyOf({ body, contentType }: Extract<RequestAction, { type: "status" }>) {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { text, contentType: contentType ?? (/^\s*</.test(text) ? "text/html" : "application/json") };
}
