import { callJobs, disposeCalls } from "./calls";
import { disposeKept } from "./engineJob";
import { fleetJobs, newLibraryJobs, wideFleetJobs } from "./fleet";
import type { Job } from "./job";
import { disposeLargeLibrary, largeLibraryJobs } from "./largeLibrary";
import { loadingJobs } from "./loading";
import { manyLibrariesJobs } from "./manyLibraries";
import { mixedJobs } from "./mixed";
import { peopleJobs } from "./people";

/** All jobs, in families whose jobs follow one another at each size, so that they can share what has to be there before. */
export const families: readonly (readonly Job[])[] = [
  loadingJobs,
  callJobs,
  mixedJobs,
  manyLibrariesJobs,
  newLibraryJobs,
  fleetJobs,
  wideFleetJobs,
  peopleJobs,
  largeLibraryJobs,
];

/** Gives up everything that jobs have shared. */
export async function disposeShared(): Promise<void> {
  await disposeKept();
  await disposeCalls();
  await disposeLargeLibrary();
}
