/** One size of a job and what it cost. */
export interface Point {
  readonly size: number;
  readonly value: number;
}

/** With which power of its size a cost grows: the slope of the straight line that lies closest to the logarithms. */
export function exponent(points: readonly Point[]): number {
  if (points.length < 2) throw new Error("Growth needs two sizes or more.");
  const logs = points.map(({ size, value }) => [Math.log(size), Math.log(value)] as const);
  const mean = (pick: (pair: readonly [number, number]) => number): number =>
    logs.reduce((sum, pair) => sum + pick(pair), 0) / logs.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const above = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return above / below;
}

/** What a side took at one size: its median, and how far apart its runs were. */
export interface Measured {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A job at one size, beside its floor if it has one. */
export interface Sized {
  readonly size: number;
  readonly ours: Measured;
  readonly floor?: Measured;
}

/**
 * How a job grows, and by which of three measures it is held to be linear. `own`: its exponent itself, where no engine has a part. An engine
 * may itself grow faster, so there it is the exponent of what is ours alone (`difference`) over the sizes at which that stands out from the
 * noise, if there are two with the largest, and else by how much our exponent is above the floor's (`excess`).
 */
export interface Growth {
  readonly by: "own" | "difference" | "excess";
  readonly value: number;
  readonly ours: number;
  readonly floor?: number;
}

/** Growth over three sizes or more; undefined if there are fewer. */
export function growthOf(sizes: readonly Sized[]): Growth | undefined {
  if (sizes.length < 3) return undefined;
  const ours = exponent(sizes.map((at) => ({ size: at.size, value: at.ours.median })));
  if (sizes.some(({ floor }) => floor === undefined)) return { by: "own", value: ours, ours };
  const beside = sizes as readonly (Sized & { readonly floor: Measured })[];
  const floor = exponent(beside.map((at) => ({ size: at.size, value: at.floor.median })));
  const noise = ({ ours: one, floor: other }: Sized & { readonly floor: Measured }): number =>
    Math.max(one.max - one.min, other.max - other.min);
  const standOut = beside.filter((at) => at.ours.median - at.floor.median > noise(at));
  if (standOut.length >= 2 && standOut.at(-1) === beside.at(-1)) {
    const differences = standOut.map((at) => ({ size: at.size, value: at.ours.median - at.floor.median }));
    return { by: "difference", value: exponent(differences), ours, floor };
  }
  return { by: "excess", value: ours - floor, ours, floor };
}

/** The most that a growth may be, by what it is measured by. */
export const mostGrowth: Readonly<Record<Growth["by"], number>> = { own: 1.1, difference: 1.1, excess: 0.1 };
