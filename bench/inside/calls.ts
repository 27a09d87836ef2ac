/**
 * Calls one operation of the provider again and again, in one process and so with one view of the library, and says what a call takes once
 * the first has read what there is to read.
 */
import { readFileSync } from "node:fs";
import { vppAssignment } from "../../provider";
import type { PlanLine } from "../../provider/plan/planLines";
import { PlanFile } from "../../test/support/hostPlan";
import { median } from "../compare";

/** What the calls are about, as the engine would know it. */
export interface Subject {
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  readonly plan: readonly PlanLine[];
  readonly entry: string;
}

const times = 15;

async function main([operation, file]: readonly string[]): Promise<void> {
  const { id, inputs, outputs, plan, entry } = JSON.parse(readFileSync(file!, "utf8")) as Subject;
  const planFile = new PlanFile(...plan);
  // What comes over the wire is never the same object twice.
  const again = structuredClone(inputs);
  const news = { ...again, plan: JSON.stringify({ file: planFile.path, entry, name: entry }) };
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    check: () => vppAssignment.check(inputs, news),
    diff: () => vppAssignment.diff(id, outputs, again),
    read: () => vppAssignment.read(id, outputs),
  };
  const call = calls[operation!]!;
  await vppAssignment.configure({ config: { get: () => undefined } });
  await call();
  await fetch(`${process.env.VPP_ENDPOINT}/_control/requests`, { method: "DELETE" });
  const seconds: number[] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await call();
    seconds.push((performance.now() - began) / 1000);
  }
  planFile.dispose();
  console.log(JSON.stringify({ seconds: median(seconds) }));
  process.exit(0);
}

void main(process.argv.slice(2));
