import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";

/** A short round in every run of the tests; long ones are for `npm run campaign`. */
const histories = process.env.VPP_HISTORIES ?? "60";
const seed = process.env.VPP_SEED ?? "1";

describe("the campaign", () => {
  it(`finds nothing wrong in ${histories} histories of stacks from seed ${seed} on, and in one of whole commands`, async () => {
    const words = ["--histories", histories, "--commands", "1", "--seed", seed, "--workers", "1", "--lanes", "8"];
    const child = spawn(process.execPath, [join(__dirname, "main.js"), ...words], {
      stdio: ["ignore", "pipe", "inherit"],
      // Other tests run beside it: at its usual speed, a second without a turn would look like a service that does not answer.
      env: { CAMPAIGN_TIME_SCALE: "10", ...process.env },
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.equal(printed.trim().split("\n").at(-1), `${Number(histories) + 1} histories, 0 violations`, printed);
    assert.equal(code, 0);
  }).timeout(900_000);
});
