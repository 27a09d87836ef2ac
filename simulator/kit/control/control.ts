import { ControlError } from "./error";
import type { RequestSchemas } from "./schemas";

/** One action: takes the body of a POST (or the query of a GET), which has been checked against its schema. */
export type Action<Context> = (context: Context, body: never) => object | Promise<object>;

/** Actions by path and method. */
export type Actions<Context> = Readonly<Record<string, Readonly<Partial<Record<string, Action<Context>>>>>>;

/** One request to the control interface. */
export interface ControlRequest {
  readonly method: string;
  /** The path after `/_control/`. */
  readonly name: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The body as JSON text; empty for none. */
  readonly text: string;
}

/** The control interface of a stand-in: looks at the truth and changes it behind the back of the clients. */
export class Control<Context> {
  readonly #context: Context;
  readonly #actions: Actions<Context>;
  readonly #schemas: RequestSchemas;

  /** @param context what the actions work on. */
  constructor(context: Context, actions: Actions<Context>, schemas: RequestSchemas) {
    this.#context = context;
    this.#actions = actions;
    this.#schemas = schemas;
  }

  /** Does what a request asks for and gives status and body of the answer. */
  async handle(request: ControlRequest): Promise<{ status: number; body: object }> {
    try {
      const action = this.#find(request.method, request.name);
      const body = request.method === "GET" ? (request.query ?? {}) : parse(request.text);
      await this.#schemas.check(request.method, request.name, body);
      return { status: 200, body: await action(this.#context, body as never) };
    } catch (error) {
      if (error instanceof ControlError) {
        return { status: error.status, body: { error: error.message } };
      }
      throw error;
    }
  }

  /** Runs the action of a POST with a body that was checked before. */
  perform(name: string, body: unknown): object | Promise<object> {
    return this.#find("POST", name)(this.#context, body as never);
  }

  #find(method: string, name: string): Action<Context> {
    const methods = Object.hasOwn(this.#actions, name) ? this.#actions[name] : undefined;
    if (methods === undefined) {
      throw new ControlError(404, `there is no "${name}" here; there are ${Object.keys(this.#actions).join(", ")}`);
    }
    const action = methods[method];
    if (action === undefined) {
      throw new ControlError(405, `"${name}" takes ${Object.keys(methods).join(", ")}, not ${method}`);
    }
    return action;
  }
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
