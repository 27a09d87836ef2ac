import { faultyReply as anyFaultyReply, headersOf, type Reply, replyWith } from "../../kit/faults/reply";
import type { PageTrouble } from "../api/call";
import type { ServiceAnswer } from "../api/service";
import { Refusal } from "../core/errors";
import { type ErrorNumberAction, isListAction, type ListAction, type RequestAction } from "./actions";
import { faultyList } from "./list-answer";

/** The reply of a request that meets a fault. `work` does what the request asks for. */
export async function faultyReply(
  action: RequestAction | ListAction,
  work: (trouble?: PageTrouble) => Promise<ServiceAnswer>,
): Promise<Reply<ServiceAnswer>> {
  if (isListAction(action)) {
    return replyWith(faultyList(action, await work(troubleOf(action))));
  }
  return action.type === "errorNumber"
    ? refusal(action, action.workDone === true ? await work() : undefined)
    : anyFaultyReply(action, work);
}

function troubleOf(action: ListAction): PageTrouble {
  return {
    ...(action.type === "list-repeat" && { repeats: action.index ?? "asked" }),
    ...(action.type === "list-moved" && { moves: true }),
  };
}

function refusal(action: ErrorNumberAction, done: ServiceAnswer | undefined): Reply<ServiceAnswer> {
  const refused = new Refusal(action.errorNumber, action.status === undefined ? {} : { status: action.status });
  const { status, errorNumber } = refused;
  const answer = { body: {}, ...done, status, headers: headersOf(action), errorNumber };
  return { answer, text: JSON.stringify(refused.body()), contentType: "application/json", sent: "whole" };
}
