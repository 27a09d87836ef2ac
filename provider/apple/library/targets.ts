/** A licence goes to a device or to a user, never to both. */
export type TargetKind = "device" | "user";
