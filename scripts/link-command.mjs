// The compiler writes plain files; the command has to be one that a shell runs and finds. npm sees to that only for what is there when it
// installs, which in a fresh clone is before the build.
import { chmodSync, existsSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const inProject = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
chmodSync(inProject("dist/cli/main.js"), 0o755);
const link = inProject("node_modules/.bin/pulumi-vpp");
if (process.platform !== "win32" && existsSync(inProject("node_modules/.bin")) && !existsSync(link))
  symlinkSync("../../dist/cli/main.js", link);
