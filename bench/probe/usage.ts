/**
 * Loaded first in every process of a job. In those that are measured it writes down, ten times a second and at the end, what the process has
 * cost so far: the engine ends its host by a signal, so there is no last moment to rely on.
 */
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { peakMegabytes } from "../../test/support/peakMemory";
import { roleOf } from "./role";

const folder = process.env.BENCH_PROBE;
const role = roleOf(process.argv[1]);
if (folder !== undefined && role !== undefined) {
  // One short write over the last one, always as long: nothing cheaper is never found half done.
  const file = openSync(join(folder, `${role}-${process.pid}.json`), "w");
  const write = (): void => {
    const { user, system } = process.cpuUsage();
    writeSync(file, JSON.stringify({ megabytes: peakMegabytes(), cpuSeconds: (user + system) / 1e6 }).padEnd(100), 0);
  };
  write();
  setInterval(write, 100).unref();
  process.once("exit", write);
}
