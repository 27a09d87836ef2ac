/**
 * Loaded first in a host that a test starts: lets it end in order when the engine's signal comes, so that what it measures of itself (coverage) is
 * written. What the provider does at that signal comes before.
 */
process.on("SIGINT", () => setImmediate(() => process.exit(0)));
