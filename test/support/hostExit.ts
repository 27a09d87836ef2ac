/** Loaded first in a host that a test starts: lets it end in order, so that what it measures of itself (coverage) is written. */
process.once("SIGTERM", () => process.exit(0));
