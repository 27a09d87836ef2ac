import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/paths";
import { collectMessages } from "./collect";
import { pageOf } from "./page";

/** Where the page of all messages is kept. */
export const pagePath = join(root, "docs/messages.md");

if (require.main === module) writeFileSync(pagePath, pageOf(collectMessages()));
