/**
 * Reads a run's plan and asks it all that a run can ask: how many licences each app needs, and of every licence whether it is required. Says
 * how long that took and by how much it raised the process's peak of memory.
 */
import { assetKey } from "../../provider/apple/library/readings/assets";
import { Plan } from "../../provider/plan/planReader";
import { peakMegabytes } from "../../test/support/peakMemory";

const [file, apps, devices] = process.argv.slice(2);
const keys = new Set(["default"]);
const before = peakMegabytes();
const began = performance.now();
const plan = new Plan(file!).refresh();
const declared = plan.assignmentsOf("default");
let required = 0;
for (const app of [...declared].flatMap((assignment) => [...assignment.apps])) {
  if (plan.requiredCount("default", app) !== Number(devices)) throw new Error("The plan counts wrongly.");
  for (const { targets } of declared)
    for (const device of targets.device ?? []) if (plan.requires(keys, app, "device", device)) required++;
}
const seconds = (performance.now() - began) / 1000;
if (required !== Number(apps) * Number(devices)) throw new Error(`The plan knows ${required} licences.`);
if (plan.requires(keys, assetKey({ adamId: "1", pricingParam: "STDQ" }), "device", "F9FW000000"))
  throw new Error("The plan knows an app that nobody declares.");
console.log(JSON.stringify({ seconds, more: { megabytes: peakMegabytes() - before } }));
