import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerFields, RequestAction } from "./actions";

const PAGE = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>";
const NOTHING: Answer = { status: 0, body: {}, headers: {} };

/** What every service's answer has. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** What goes back to the client. */
export interface Reply<A extends Answer = Answer> {
  /** What the list of requests tells; its status is 0 when nothing is sent. */
  readonly answer: Answer & Partial<A>;
  readonly text: string;
  readonly contentType: string;
  /** The whole answer, half of it, nothing before the connection breaks, or nothing at all. */
  readonly sent: "whole" | "half" | "break" | "nothing";
}

/** The reply of a request that meets no fault. */
export function replyWith<A extends Answer>(answer: Answer & Partial<A>, sent: Reply["sent"] = "whole"): Reply<A> {
  return { answer, text: JSON.stringify(answer.body), contentType: "application/json", sent };
}

/** The reply of a request that meets a fault. `work` does what the request asks for. */
export async function faultyReply<A extends Answer>(action: RequestAction, work: () => Promise<A>): Promise<Reply<A>> {
  switch (action.type) {
    case "delay":
      await sleep(action.ms, undefined, { ref: false });
      return replyWith<A>(await work());
    case "lose-answer":
      return replyWith<A>(await work(), "break");
    case "truncate":
      return replyWith<A>(await work(), "half");
    case "reset":
      return replyWith(NOTHING as Answer & Partial<A>, "break");
    case "hang":
      return replyWith(NOTHING as Answer & Partial<A>, "nothing");
    case "status":
      return otherReply(action, bodyOf(action), work);
    case "non-json":
      return otherReply({ status: 200, ...action }, { text: PAGE, contentType: "application/json" }, work);
  }
}

/** The headers that a fault adds to an answer. */
export function headersOf({ retryAfter }: AnswerFields): Record<string, string> {
  return retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) };
}

async function otherReply<A extends Answer>(
  action: AnswerFields & { readonly status: number },
  sent: { readonly text: string; readonly contentType: string },
  work: () => Promise<A>,
): Promise<Reply<A>> {
  const done = action.workDone === true ? await work() : undefined;
  const answer = { ...NOTHING, ...done, status: action.status, headers: headersOf(action) } as Answer & Partial<A>;
  return { answer, ...sent, sent: "whole" };
}

function bodyOf({ body, contentType }: Extract<RequestAction, { type: "status" }>) {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { text, contentType: contentType ?? (/^\s*</.test(text) ? "text/html" : "application/json") };
}
