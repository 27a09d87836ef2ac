import type { TestStack } from "../../test/support/stack";
import { fleet } from "../programs";
import { destroyWords, engineJob, refreshWords, upWords, waitOf } from "./engineJob";
import { type Job, sixteen } from "./job";

const writes = (devices: number): number => Math.ceil(devices / 1000);

/** How often the state holds the list of devices. */
const lists = (stack: TestStack): Record<string, number> => ({
  lists: stack.stateText().split('"F9FW000000"').length - 1,
});

const narrow = {
  program: (devices: number) => fleet(20, devices),
  sizes: sixteen(10_000),
  quickSizes: [500],
} as const;

/** One assignment of twenty apps to a whole fleet. */
export const fleetJobs: readonly Job[] = [
  engineJob({
    ...narrow,
    name: "fleet-first-up",
    title: "first up of one assignment of 20 apps; size: devices",
    begins: "empty",
    words: upWords,
    waitMs: (devices) => waitOf(writes(devices)),
    look: lists,
  }),
  engineJob({
    ...narrow,
    name: "fleet-unchanged",
    title: "up of the same that finds nothing to do; size: devices",
    begins: "applied",
    words: upWords,
    look: lists,
  }),
  engineJob({
    ...narrow,
    name: "fleet-refresh",
    title: "one pass of refresh of the same; size: devices",
    begins: "applied",
    words: refreshWords,
    look: lists,
  }),
  engineJob({
    ...narrow,
    name: "fleet-grow",
    title: "up of the same with one device more; size: devices",
    begins: "applied",
    words: upWords,
    step: 1,
    waitMs: () => waitOf(1),
    look: lists,
  }),
  engineJob({
    ...narrow,
    name: "fleet-shrink",
    title: "up of the same with one device less; size: devices",
    begins: "applied",
    words: upWords,
    step: -1,
    waitMs: () => waitOf(1),
    look: lists,
  }),
  engineJob({
    ...narrow,
    name: "fleet-destroy",
    title: "destroy of the same; size: devices",
    begins: "appliedAnew",
    words: destroyWords,
    waitMs: (devices) => waitOf(writes(devices)),
  }),
];

/** What a first day costs: nothing is in the library yet, and nobody has marked it. */
export const newLibraryJobs: readonly Job[] = [
  engineJob({
    name: "new-library-first-up",
    title: "first up of 20 apps on a new library's devices, and nothing else; size: devices",
    program: (devices) => fleet(20, devices),
    sizes: [2000],
    quickSizes: [2000],
    begins: "empty",
    words: upWords,
    waitMs: (devices) => waitOf(writes(devices)),
  }),
];

const wide = {
  program: (devices: number) => fleet(50, devices),
  begins: "empty",
  sizes: sixteen(30_000),
} as const;

/** One and a half million licences in one assignment. */
export const wideFleetJobs: readonly Job[] = [
  engineJob({
    ...wide,
    name: "wide-fleet-preview",
    title: "first preview of one assignment of 50 apps; size: devices",
    quickSizes: [],
    words: ["preview"],
  }),
  engineJob({
    ...wide,
    name: "wide-fleet-first-up",
    title: "first up of the same; size: devices",
    quickSizes: [],
    words: upWords,
    waitMs: (devices) => waitOf(2 * writes(devices)),
    look: lists,
  }),
];
