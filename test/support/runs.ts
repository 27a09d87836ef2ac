/** How often a property is tried: few times and always the same in CI; `FC_RUNS` and `FC_SEED` ask for more, or for others. */
export function runs(inCi: number): { numRuns: number; seed: number } {
  return {
    numRuns: Number(process.env.FC_RUNS ?? inCi),
    seed: Number(process.env.FC_SEED ?? 20_261_122),
  };
}
