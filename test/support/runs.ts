/** How often a property is tried: few times and always the same in CI; `FC_RUNS`, `FC_SEED` and `FC_PATH` ask for more, for others, or for one again. */
export function runs(inCi: number): { numRuns: number; seed: number; path?: string } {
  const { FC_RUNS, FC_SEED, FC_PATH } = process.env;
  return { numRuns: Number(FC_RUNS ?? inCi), seed: Number(FC_SEED ?? 20_261_122), ...(FC_PATH && { path: FC_PATH }) };
}
