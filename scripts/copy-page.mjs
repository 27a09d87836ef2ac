// Puts what the report's page is made of, which is no TypeScript, beside the compiled code that reads it.
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = join(root, "cli/report/page");
const to = join(root, "dist/cli/report/page");
mkdirSync(to, { recursive: true });
for (const file of readdirSync(from)) copyFileSync(join(from, file), join(to, file));
