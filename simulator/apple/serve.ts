import type { Control } from "../kit/control/control";
import type { RequestLog } from "../kit/control/request-log";
import { type Reply, replyWith } from "../kit/faults/reply";
import { jsonPieces } from "../kit/rows";
import type { HttpRequest, Served } from "../kit/server";
import { libraryOfBearer } from "./api/authenticate";
import type { PageTrouble } from "./api/call";
import { Query } from "./api/query";
import { type ServiceAnswer, serve } from "./api/service";
import type { ControlContext } from "./control/context";
import type { Hooks } from "./control/hooks";
import { detailsOf } from "./control/request-details";
import type { World } from "./core/world";
import type { Faults } from "./faults/faults";
import { faultyReply } from "./faults/reply";

/** What requests meet. */
export interface Parts {
  readonly world: World;
  readonly log: RequestLog;
  readonly hooks: Hooks;
  readonly faults: Faults;
  /** The control interface, or nothing when it is switched off. */
  readonly control: Control<ControlContext> | undefined;
}

/** What the HTTP server serves: the service, and the control interface. */
export function servedBy(parts: Parts, basePath: string): Served {
  return {
    clock: parts.world.clock,
    basePath,
    control: (request) => answerControl(parts, request),
    service: (request) => answerService(parts, request),
  };
}

async function answerService(
  { world, log, hooks, faults }: Parts,
  { method, path, parameters, headers, body, came }: HttpRequest,
): Promise<Reply<ServiceAnswer>> {
  const request = { method, path, query: new Query(parameters), headers, body };
  const query = request.query.all();
  const seen = { method, path, query, library: libraryOfBearer(world, headers.authorization) };
  await hooks.runBefore(seen);
  const work = (trouble?: PageTrouble) => serve(world, { ...request, ...(trouble && { trouble }) });
  const fault = faults.forRequest(seen);
  const reply = fault === undefined ? replyWith(await work()) : await faultyReply(fault.action, work);
  world.commit();
  const durationMs = performance.now() - came.tick;
  const { status } = reply.answer;
  log.add(
    { method, path, query, at: came.at, status, durationMs, ...(fault !== undefined && { fault: fault.id }) },
    detailsOf(reply.answer),
  );
  return reply;
}

async function answerControl(
  { control, world }: Parts,
  { method, path, parameters, body: sent }: HttpRequest,
): Promise<{ status: number; pieces: Buffer[] }> {
  if (control === undefined) {
    return { status: 404, pieces: jsonPieces({ error: "the control interface is switched off" }, (text) => text) };
  }
  const { status, body } = await control.handle({
    method,
    name: path.slice("/_control/".length),
    query: new Query(parameters).all(),
    text: sent?.toString("utf8") ?? "",
  });
  world.commit();
  // A client may have put its credential into a place it does not belong, such as an id.
  return { status, pieces: jsonPieces(body, (text) => world.redact(text)) };
}
