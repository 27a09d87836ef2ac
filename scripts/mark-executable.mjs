// The compiler writes plain files; the command has to be one that a shell runs. npm sees to that only for what is there when it installs.
import { chmodSync } from "node:fs";

chmodSync(new URL("../dist/cli/main.js", import.meta.url), 0o755);
