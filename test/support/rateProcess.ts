import { Libraries } from "../../provider/apple/library/libraries";
import { Notes } from "../../provider/engine/diagnostics";
import { Settings } from "../../provider/engine/settings";

/**
 * A process that asks for one library's config as often as its argument says, over all that the provider uses, and as fast as it may:
 * `node rateProcess.js COUNT`. Ends with 1 and the reason on stderr if it fails.
 */
async function main(count: number): Promise<void> {
  const libraries = new Libraries(new Settings(new Notes(() => undefined)));
  const library = libraries.ofKey("default");
  for (let left = count; left > 0; left--) await library.configNow();
}

main(Number(process.argv[2])).catch((error: unknown) => {
  console.error(String(error));
  process.exitCode = 1;
});
