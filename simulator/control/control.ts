import type { World } from "../core/world";
import { controlAssets } from "./assets";
import { controlAssignments } from "./assignments";
import { moveClock, showClock } from "./clock";
import { controlHolder } from "./holder";
import { addHook, type Hooks, removeHooks, showHooks } from "./hooks";
import { ControlError, Input } from "./input";
import type { RequestLog } from "./request-log";
import { changeSettings, showSettings } from "./settings";
import { showState } from "./state";
import { controlTokens } from "./tokens";
import { acceptInvitation, controlUsers } from "./users";

/** What actions of the control interface work on. */
export interface ControlContext {
  readonly world: World;
  readonly log: RequestLog;
  readonly hooks: Hooks;
}

/** One action: takes the body of a POST (or the query of a GET) and gives the answer. */
export type Action = (context: ControlContext, input: Input) => object | Promise<object>;

/** One request to the control interface. */
export interface ControlRequest {
  readonly method: string;
  /** The path after `/_control/`. */
  readonly name: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The body as JSON text; empty for none. */
  readonly text: string;
}

const ACTIONS: Readonly<Record<string, Readonly<Partial<Record<string, Action>>>>> = {
  state: { GET: showState },
  requests: { GET: showRequests, DELETE: ({ log }) => ({ deleted: log.clear() }) },
  tokens: { POST: controlTokens },
  holder: { POST: controlHolder },
  assets: { POST: controlAssets },
  assignments: { POST: controlAssignments },
  users: { POST: controlUsers },
  accept: { POST: acceptInvitation },
  clock: { GET: showClock, POST: moveClock },
  hooks: { GET: showHooks, POST: addHook, DELETE: removeHooks },
  settings: { GET: showSettings, POST: changeSettings },
};

/** The control interface: looks at the truth and changes it behind the back of the clients. */
export class Control {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
    context.hooks.perform = (path, body) => this.#action("POST", path)(context, new Input(body));
  }

  /** Does what a request asks for and gives status and body of the answer. */
  async handle(request: ControlRequest): Promise<{ status: number; body: object }> {
    try {
      const action = this.#action(request.method, request.name);
      const input = request.method === "GET" ? new Input(request.query ?? {}) : new Input(parse(request.text));
      return { status: 200, body: await action(this.#context, input) };
    } catch (error) {
      if (error instanceof ControlError) {
        return { status: error.status, body: { error: error.message } };
      }
      throw error;
    }
  }

  #action(method: string, name: string): Action {
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
}

function showRequests({ log }: ControlContext, input: Input): object {
  input.only("since", "bodies");
  const since = Number(input.optionalText("since") ?? "0");
  if (!Number.isSafeInteger(since)) {
    throw input.wrong("since", "a whole number");
  }
  return { requests: log.list({ since, bodies: input.raw("bodies") === "1" }) };
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
