// Mocha's usual output, and the counts in a file for the runner that adds up the tiers.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class TallyReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      if (process.env.VPP_TALLY_FILE)
        writeFileSync(process.env.VPP_TALLY_FILE, JSON.stringify({ passes, failures, pending }));
    });
  }
};
