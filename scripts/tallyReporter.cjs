// Mocha's usual output, and for the runner that adds up the tiers the counts and what failed, in a file.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class TallyReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      const failed = this.failures.map((test) => `${test.fullTitle()}: ${String(test.err?.message).split("\n")[0]}`);
      if (process.env.VPP_TALLY_FILE)
        writeFileSync(process.env.VPP_TALLY_FILE, JSON.stringify({ passes, failures, pending, failed }));
    });
  }
};
