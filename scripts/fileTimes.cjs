// How long each file of tests took, its hooks with it, as a line in the file that the environment names. Files run one at a time in a process
// of mocha's, which runs these hooks around each; a reporter can't tell, since of a hook that ran often it learns the last time only.
const { appendFileSync } = require("node:fs");
const { relative } = require("node:path");

let began = 0;

exports.mochaHooks = {
  beforeAll() {
    began = performance.now();
  },
  afterAll() {
    const { VPP_TIMES_FILE } = process.env;
    const file = this.test.parent.suites.find((suite) => suite.file)?.file;
    if (VPP_TIMES_FILE === undefined || file === undefined) return;
    const seconds = (performance.now() - began) / 1000;
    appendFileSync(VPP_TIMES_FILE, `${JSON.stringify({ file: relative("dist", file), seconds })}\n`);
  },
};
