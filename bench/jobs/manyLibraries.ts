import { manyLibraries } from "../programs";
import { engineJob, refreshWords, upWords, waitOf } from "./engineJob";
import { type Job, sixteen } from "./job";

const all = { program: manyLibraries, sizes: sixteen(200), quickSizes: [20] } as const;

/** Many libraries in one stack. */
export const manyLibrariesJobs: readonly Job[] = [
  engineJob({
    ...all,
    name: "libraries-first-up",
    title: "first up of many libraries, three resources each; size: libraries",
    begins: "empty",
    words: upWords,
    waitMs: () => waitOf(1),
  }),
  engineJob({
    ...all,
    name: "libraries-unchanged",
    title: "up of the same that finds nothing to do; size: libraries",
    begins: "applied",
    words: upWords,
  }),
  engineJob({
    ...all,
    name: "libraries-refresh",
    title: "one pass of refresh of the same; size: libraries",
    begins: "applied",
    words: refreshWords,
  }),
];
