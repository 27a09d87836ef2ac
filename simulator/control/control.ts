import { controlAssets } from "./assets";
import { controlAssignments } from "./assignments";
import { checkRequest } from "./check";
import { moveClock, showClock } from "./clock";
import type { ControlContext } from "./context";
import { ControlError } from "./error";
import { addFault, removeFaults, showFaults } from "./faults";
import { controlHolder } from "./holder";
import { addHook, removeHooks, showHooks } from "./hook-actions";
import { showLibrary } from "./library";
import { removeNotifications, showNotifications } from "./notifications";
import { removeRequests, showRequests } from "./requests";
import { changeSettings, showSettings } from "./settings";
import { showState } from "./state";
import { controlTokens } from "./tokens";
import { acceptInvitation, controlUsers } from "./users";

/**
 * One action: takes the body of a POST (or the query of a GET), which has been checked against its schema, and gives the
 * answer, whose shape is in the same file of `schemas`.
 */
export type Action = (context: ControlContext, body: never) => object | Promise<object>;

/** One request to the control interface. */
export interface ControlRequest {
  readonly method: string;
  /** The path after `/_control/`. */
  readonly name: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The body as JSON text; empty for none. */
  readonly text: string;
}

/** All actions, by path and method. */
export const ACTIONS: Readonly<Record<string, Readonly<Partial<Record<string, Action>>>>> = {
  state: { GET: showState },
  library: { GET: showLibrary },
  requests: { GET: showRequests, DELETE: removeRequests },
  tokens: { POST: controlTokens },
  holder: { POST: controlHolder },
  assets: { POST: controlAssets },
  assignments: { POST: controlAssignments },
  users: { POST: controlUsers },
  accept: { POST: acceptInvitation },
  clock: { GET: showClock, POST: moveClock },
  hooks: { GET: showHooks, POST: addHook, DELETE: removeHooks },
  faults: { GET: showFaults, POST: addFault, DELETE: removeFaults },
  notifications: { GET: showNotifications, DELETE: removeNotifications },
  settings: { GET: showSettings, POST: changeSettings },
  schemas: { GET: async () => ({ schemas: (await import("./schemas")).CONTROL_SCHEMAS }) },
};

/** The control interface: looks at the truth and changes it behind the back of the clients. */
export class Control {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
    context.hooks.perform = (path, body) => findAction("POST", path)(context, body as never);
  }

  /** Does what a request asks for and gives status and body of the answer. */
  async handle(request: ControlRequest): Promise<{ status: number; body: object }> {
    try {
      const action = findAction(request.method, request.name);
      const body = request.method === "GET" ? (request.query ?? {}) : parse(request.text);
      await checkRequest(request.method, request.name, body);
      return { status: 200, body: await action(this.#context, body as never) };
    } catch (error) {
      if (error instanceof ControlError) {
        return { status: error.status, body: { error: error.message } };
      }
      throw error;
    }
  }
}

function findAction(method: string, name: string): Action {
  const methods = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (methods === undefined) {
    throw new ControlError(404, `there is no "${name}" here; there are ${Object.keys(ACTIONS).join(", ")}`);
  }
  const action = methods[method];
  if (action === undefined) {
    throw new ControlError(405, `"${name}" takes ${Object.keys(methods).join(", ")}, not ${method}`);
  }
  return action;
}

function parse(text: string): unknown {
  if (text.trim() === "") {
    return {};
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, "the body is not valid JSON");
  }
}
