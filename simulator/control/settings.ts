import { withLimits } from "../core/limits";
import { withReadings } from "../core/readings";
import type { ControlContext } from "./control";
import { ControlError, type Input } from "./input";

/** GET settings: what is in force. */
export function showSettings({ world }: ControlContext): object {
  return { ...world.settings };
}

/** POST settings: changes what is named, and answers with what is then in force. */
export function changeSettings(context: ControlContext, input: Input): object {
  input.only("eventDelayMs", "pageSize", "limits", "readings");
  const { settings } = context.world;
  const eventDelayMs = input.optionalNumber("eventDelayMs", 0) ?? settings.eventDelayMs;
  const pageSize = input.optionalNumber("pageSize", 1) ?? settings.pageSize;
  try {
    const limits = withLimits(settings.limits, input.raw("limits") ?? {});
    const readings = withReadings(settings.readings, (input.raw("readings") ?? {}) as Record<string, unknown>);
    Object.assign(settings, { eventDelayMs, pageSize, limits, readings });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ControlError(400, error.message);
    }
    throw error;
  }
  return showSettings(context);
}
