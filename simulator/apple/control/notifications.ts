import type { ControlContext } from "./context";

/** GET notifications: what was sent to whom, and how it went. The receiver's secret is not among it. */
export function showNotifications({ notifier }: ControlContext): object {
  return { notifications: notifier.list() };
}

/** DELETE notifications: empties the list. */
export function removeNotifications({ notifier }: ControlContext): object {
  return { deleted: notifier.clear() };
}
