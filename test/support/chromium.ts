import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { root } from "./paths";

const program = "/usr/bin/chromium";

/** Why there is no browser, for the end of the tests' output. */
export const whyNoBrowser =
  "there is no /usr/bin/chromium, and it can't be installed here (that takes Debian's apt-get and the rights of root)";

/** Whether Debian's Chromium is there. */
export function hasChromium(): boolean {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs Debian's Chromium where it is missing and that is possible. Waits for others who install something at the same time. */
export function installChromium(): boolean {
  if (hasChromium()) return true;
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return false;
  const apt = (...words: string[]) =>
    spawnSync("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=300", ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: "ignore",
      timeout: 400_000,
    });
  apt("update");
  apt("install", "--yes", "--no-install-recommends", "chromium");
  return hasChromium();
}

/** Starts the browser. Nothing that these tests show comes from outside, so it needs no cage of its own, which root can't have anyway. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
}

/** A file for a picture or a page that a person may want to look at after the tests. */
export function artefact(name: string): string {
  const folder = join(root, "test-artefacts");
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}
