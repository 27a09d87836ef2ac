/**
 * Loaded first in every process of a job. In those that are measured it writes down, ten times a second and at the end, what the process has
 * cost so far: the engine ends its host by a signal, so there is no last moment to rely on.
 */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peakMegabytes } from "./memory";
import { roleOf } from "./role";

const folder = process.env.BENCH_PROBE;
const role = roleOf(process.argv[1]);
if (folder !== undefined && role !== undefined) {
  const file = join(folder, `${role}-${process.pid}.json`);
  const write = (): void => {
    const { user, system } = process.cpuUsage();
    try {
      writeFileSync(`${file}.part`, JSON.stringify({ megabytes: peakMegabytes(), cpuSeconds: (user + system) / 1e6 }));
      renameSync(`${file}.part`, file);
    } catch {
      // The run has been given up and its folder removed; the process is not to notice.
    }
  };
  setInterval(write, 100).unref();
  process.once("exit", write);
}
