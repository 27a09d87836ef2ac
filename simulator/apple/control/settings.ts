import { ControlError } from "../../kit/control/error";
import type { ListLags } from "../core/lag";
import { withLimits } from "../core/limits";
import { withReadings } from "../core/readings";
import type { NotificationBehaviour } from "../core/world";
import type { ControlContext } from "./context";

/** The body of POST settings; what is left out stays. */
export interface SettingsBody {
  readonly eventDelayMs?: number;
  readonly pageSize?: number;
  /** By name; `null` takes a limit away. */
  readonly limits?: Readonly<Record<string, unknown>>;
  /** What requests are held to although service/config says otherwise; `null` ends that. */
  readonly enforcedLimits?: Readonly<Record<string, unknown>>;
  readonly readings?: Readonly<Record<string, unknown>>;
  /** By list; in milliseconds. */
  readonly lagMs?: Partial<ListLags>;
  readonly notifications?: Partial<NotificationBehaviour>;
}

/** GET settings: what is in force. */
export function showSettings({ world }: ControlContext): object {
  return { ...world.settings };
}

/** POST settings: changes what is named, and answers with what is then in force. */
export function changeSettings(context: ControlContext, body: SettingsBody): object {
  const { settings } = context.world;
  const { eventDelayMs = settings.eventDelayMs, pageSize = settings.pageSize } = body;
  try {
    const limits = withLimits(settings.limits, body.limits ?? {});
    const enforcedLimits = withLimits(settings.enforcedLimits, body.enforcedLimits ?? {});
    const readings = withReadings(settings.readings, body.readings ?? {});
    const notifications = { ...settings.notifications, ...body.notifications };
    context.world.setLags(body.lagMs ?? {});
    Object.assign(settings, { eventDelayMs, pageSize, limits, enforcedLimits, readings, notifications });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ControlError(400, error.message);
    }
    throw error;
  }
  return showSettings(context);
}
