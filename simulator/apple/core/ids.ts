import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";

const GREGORIAN_OFFSET_MS = 12_219_292_800_000n;
let ticks = 0n;

/** A time-based UUID (version 1), the kind seen in the service's `versionId` and `eventId`. No two are the same. */
export function timeUuid(nowMs: number): string {
  ticks = (ticks + 1n) % 10_000n;
  const time = (BigInt(Math.floor(nowMs)) + GREGORIAN_OFFSET_MS) * 10_000n + ticks;
  const hex = time.toString(16).padStart(15, "0");
  const clock = (0x8000 | randomInt(0x4000)).toString(16);
  const node = randomBytes(6).toString("hex");
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-${clock}-${node}`;
}

/** An invitation code: 32 hexadecimal digits, as in Apple's examples. */
export function inviteCode(): string {
  return randomUUID().replaceAll("-", "");
}

/** The hash that stands for an Apple Account within one library; the same account always gives the same hash. */
export function accountHash(libraryId: string, account: string): string {
  return createHash("sha1").update(`${libraryId}\n${account.toLowerCase()}`).digest("base64");
}
