// Puts what the report's page is made of, which is no TypeScript, beside the compiled code that reads it.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = join(root, "cli/report/page");
const to = join(root, "dist/cli/report/page");
// A part that is there no more must not be published either.
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
