import { join } from "node:path";

/** The repository's root, seen from the compiled tests. */
export const root = join(__dirname, "../../..");
