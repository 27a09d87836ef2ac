import { withLimits } from "../core/limits";
import { withReadings } from "../core/readings";
import type { NotificationBehaviour } from "../core/world";
import type { ControlContext } from "./context";
import { ControlError } from "./error";

/** The body of POST settings; what is left out stays. */
export interface SettingsBody {
  readonly eventDelayMs?: number;
  readonly pageSize?: number;
  /** By name; `null` takes a limit away. */
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly readings?: Readonly<Record<string, unknown>>;
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
    const readings = withReadings(settings.readings, body.readings ?? {});
    const notifications = { ...settings.notifications, ...body.notifications };
    Object.assign(settings, { eventDelayMs, pageSize, limits, readings, notifications });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ControlError(400, error.message);
    }
    throw error;
  }
  return showSettings(context);
}
