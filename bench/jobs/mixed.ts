import { assignments, mixed } from "../programs";
import { engineJob, refreshWords, upWords, waitOf } from "./engineJob";
import { type Job, sixteen } from "./job";

const full = 1000;
const sizes = [...new Set([10, 100, ...sixteen(full)])].sort((a, b) => a - b);

/** Programs of many resources of all kinds. */
const ofOneLibrary = { program: (size: number) => mixed(size), begins: "applied" } as const;

/** What a run costs that finds nothing to do, or only looks. */
export const mixedJobs: readonly Job[] = [
  engineJob({
    ...ofOneLibrary,
    name: "preview-unchanged",
    title: "preview that finds nothing to do; size: resources",
    sizes,
    quickSizes: [50],
    words: ["preview"],
  }),
  engineJob({
    ...ofOneLibrary,
    name: "up-unchanged",
    title: "up that finds nothing to do; size: resources",
    sizes,
    quickSizes: [50],
    words: upWords,
  }),
  engineJob({
    ...ofOneLibrary,
    name: "refresh-1-library",
    title: "one pass of refresh over one library; size: resources",
    sizes: sixteen(full),
    quickSizes: [50],
    words: refreshWords,
  }),
  engineJob({
    name: "refresh-10-libraries",
    title: "one pass of refresh over ten libraries; size: resources",
    program: (size) => mixed(size, 10),
    begins: "applied",
    sizes: [60, 250, full],
    quickSizes: [60],
    words: refreshWords,
  }),
  engineJob({
    name: "first-up-assignments",
    title: "first up of many assignments, 8 in parallel; size: assignments",
    program: assignments,
    begins: "empty",
    sizes: sixteen(full),
    quickSizes: [30],
    words: [...upWords, "--parallel", "8"],
    waitMs: () => waitOf(1),
  }),
];
