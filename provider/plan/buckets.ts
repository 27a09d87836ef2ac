/** Into how many buckets targets are counted at most: the more, the less can hide behind what comes in the same run. */
export const mostBuckets = 64;

/** Counts of targets by a hash of the target. */
export type Buckets = readonly number[];

/** A number for a text, the same in every run: FNV-1a of 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The same counts in fewer buckets; both numbers are powers of two. */
export function folded(counts: Buckets, size: number): number[] {
  const fewer = new Array<number>(size).fill(0);
  for (const [at, count] of counts.entries()) fewer[at % size]! += count;
  return fewer;
}

/** Adds counts to others of the same size. */
export function addTo(sum: number[], counts: Buckets): void {
  for (const [at, count] of counts.entries()) sum[at]! += count;
}

/** How much of `before` there is no more, bucket by bucket: never more than what has really gone. */
export function shortfall(before: Buckets, now: Buckets | undefined): number[] {
  return before.map((count, at) => Math.max(0, count - (now?.[at] ?? 0)));
}

/** The larger of the two in each bucket. */
export function largest(a: Buckets, b: Buckets): number[] {
  return a.map((count, at) => Math.max(count, b[at] ?? 0));
}

/** All buckets together. */
export function total(counts: Buckets): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Counts as text: digits of base 36, nothing for 0, and no empty buckets at the end. */
export function bucketText(counts: Buckets): string {
  return counts
    .map((count) => (count === 0 ? "" : count.toString(36)))
    .join(",")
    .replace(/,+$/, "");
}

/** The counts of a text. */
export function bucketsIn(text: string, size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const [at, digits] of text.split(",").entries()) {
    if (at < size && digits !== "") counts[at] = Number.parseInt(digits, 36) || 0;
  }
  return counts;
}
