/** Loads one module by its name and says how long that took. */
const began = performance.now();
require(process.argv[2]!);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000 }));
