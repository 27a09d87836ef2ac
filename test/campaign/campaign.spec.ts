import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";

/** A short round in every run of the tests; long ones are for `npm run campaign`. */
const histories = process.env.VPP_HISTORIES ?? "80";
const seed = process.env.VPP_SEED ?? "1";

describe("the campaign", () => {
  it(`finds nothing wrong in ${histories} histories of stacks from seed ${seed} on, and in one of whole commands`, async () => {
    const words = ["--histories", histories, "--commands", "1", "--seed", seed, "--workers", "1", "--lanes", "6"];
    const child = spawn(process.execPath, [join(__dirname, "main.js"), ...words], {
      stdio: ["ignore", "pipe", "inherit"],
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
