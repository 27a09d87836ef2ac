/** The limits Apple publishes as examples in service/config. */
export const DEFAULT_LIMITS = {
  maxAssets: 25,
  maxClientUserIds: 1000,
  maxSerialNumbers: 1000,
  maxRevokeClientUserIds: 100,
  maxRevokeSerialNumbers: 100,
  maxUsers: 100,
  maxNotificationLength: 512,
  maxMdmIdLength: 100,
  maxMdmNameLength: 100,
  maxMdmMetadataLength: 255,
  maxSubscriptions: 25,
  maxSubscriptionClientUserIds: 1000,
  maxRequestPerSecond: 15,
} as const;

/** The name of a limit. */
export type LimitName = keyof typeof DEFAULT_LIMITS;

/** The limits in force. One that is missing is neither published nor enforced, as older services had fewer. */
export type Limits = Partial<Record<LimitName, number>>;

/** The limit that requests are held to: one that differs from what is published goes before it. */
export function enforcedLimit(
  settings: { readonly limits: Limits; readonly enforcedLimits: Limits },
  name: LimitName,
): number | undefined {
  return settings.enforcedLimits[name] ?? settings.limits[name];
}

/**
 * Overrides single limits; `null` takes one away.
 *
 * @throws RangeError in plain words when a name does not exist or a value is not a whole number from 1.
 */
export function withLimits(limits: Limits, overrides: unknown): Limits {
  if (typeof overrides !== "object" || overrides === null || Array.isArray(overrides)) {
    throw new RangeError("limits must be an object of limit names and numbers");
  }
  const changed: Limits = { ...limits };
  for (const [name, value] of Object.entries(overrides)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw new RangeError(
        `there is no limit named "${name}"; the names are ${Object.keys(DEFAULT_LIMITS).join(", ")}`,
      );
    }
    if (value === null) {
      delete changed[name as LimitName];
    } else if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) {
      changed[name as LimitName] = value;
    } else {
      throw new RangeError(`the limit "${name}" must be a whole number from 1, or null to take it away`);
    }
  }
  return changed;
}
