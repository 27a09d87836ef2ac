/**
 * Whether the provider keeps a file of what a run writes, so that the next run knows what one that was cut off has done. With it, nothing is left over
 * after a kill, whatever program follows, and a second run beside a living one is refused before it writes.
 */
export const runFilesKnowLicences = true;

/** Whether the provider hears that the user has cancelled the run: then it sends nothing more. */
export const hearsCancel = false;
