import type { RequestLog } from "../../kit/control/request-log";
import type { World } from "../core/world";
import type { Faults } from "../faults/faults";
import type { Notifier } from "../notifications/notifier";
import type { Hooks } from "./hooks";

/** What actions of the control interface work on. */
export interface ControlContext {
  readonly world: World;
  readonly log: RequestLog;
  readonly hooks: Hooks;
  readonly faults: Faults;
  readonly notifier: Notifier;
}
