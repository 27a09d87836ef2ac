// Puts the content tokens of a pipeline's secret, a JSON object of keys and tokens, into files that their owner alone can read.
import { mkdirSync, writeFileSync } from "node:fs";

const { CONTENT_TOKENS } = process.env;
if (!CONTENT_TOKENS) throw new Error("CONTENT_TOKENS is not set.");
let tokens;
try {
  tokens = JSON.parse(CONTENT_TOKENS);
} catch {
  // What JSON.parse says would show a part of it.
  throw new Error("CONTENT_TOKENS is no JSON.");
}
mkdirSync("tokens", { recursive: true, mode: 0o700 });
for (const [key, text] of Object.entries(tokens)) writeFileSync(`tokens/${key}.vpptoken`, text, { mode: 0o600 });
