/** Loaded first in every process of a job that is profiled: writes a CPU profile of host and program when they end. */
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { roleOf } from "./role";

const folder = process.env.BENCH_PROFILES;
const role = roleOf(process.argv[1]);
if (folder !== undefined && role !== undefined) {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.start");
  process.once("exit", () => {
    session.post("Profiler.stop", (_error, { profile }) => {
      writeFileSync(join(folder, `${role}-${process.pid}.cpuprofile`), JSON.stringify(profile));
    });
  });
  // The engine interrupts its host, and nothing would be written then.
  if (role === "host") for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
}
