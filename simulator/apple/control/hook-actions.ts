import { ControlError } from "../../kit/control/error";
import type { RequestMatch } from "../faults/match";
import { libraryOf } from "./bodies";
import type { ControlContext } from "./context";
import type { Hook } from "./hooks";

/** GET hooks: all hooks with how often they ran and what went wrong. */
export function showHooks({ hooks }: ControlContext): object {
  return { hooks: hooks.list() };
}

/** The body of POST hooks. */
export interface HookBody {
  readonly on: string;
  readonly library?: string;
  readonly match?: RequestMatch;
  readonly after?: number;
  readonly times?: number;
  readonly do: Hook["do"];
}

/** POST hooks: runs actions just before the next matching events are processed or requests are looked at. */
export function addHook({ world, hooks }: ControlContext, body: HookBody): object {
  const { times = 1, ...rest } = body;
  if (body.library !== undefined) {
    libraryOf(world, { library: body.library });
  }
  if (body.match !== undefined && body.on !== "request") {
    throw new ControlError(400, '"match" is only for hooks on requests');
  }
  return hooks.add({ ...rest, times });
}

/** DELETE hooks: takes all hooks away. */
export function removeHooks({ hooks }: ControlContext): object {
  return { deleted: hooks.clear() };
}
