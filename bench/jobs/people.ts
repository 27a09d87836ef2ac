import { people } from "../programs";
import { engineJob, refreshWords, upWords, waitOf } from "./engineJob";
import { type Job, sixteen } from "./job";

const all = { program: people, sizes: sixteen(10_000), quickSizes: [250] } as const;

/** One set of many people. */
export const peopleJobs: readonly Job[] = [
  engineJob({
    ...all,
    name: "people-first-up",
    title: "first up of one user set; size: people",
    begins: "empty",
    words: upWords,
    waitMs: (count) => waitOf(Math.ceil(count / 100)),
  }),
  engineJob({
    ...all,
    name: "people-unchanged",
    title: "up of the same that finds nothing to do; size: people",
    begins: "applied",
    words: upWords,
  }),
  engineJob({
    ...all,
    name: "people-refresh",
    title: "one pass of refresh of the same; size: people",
    begins: "applied",
    quickSizes: [],
    words: refreshWords,
  }),
];
