/** Loads one module by its name and says how long that took. */
import { createRequire } from "node:module";

const load = createRequire(__filename);
const began = performance.now();
load(process.argv[2]!);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000 }));
