// What the tests are divided into, and what each part runs on.
import { availableParallelism } from "node:os";

// A command waits for its processes and for the service now and then: one job more than there are cores uses that.
const jobs = availableParallelism() + 1;

/**
 * In the order in which they run; the files of each in the order in which they begin, those first that take long.
 * Whole programs go through the engines by themselves (`test/support/engines.ts`); the tests of the local engine are started for each.
 */
export const tiers = {
  fast: {
    title: "unit, host and types",
    specs: [
      "host/**",
      "types/**",
      "unit/provider/**",
      "unit/sdk/**",
      "unit/inventory/**",
      "unit/cli/**",
      "unit/bench/**",
      "messages/**",
    ],
    coverage: true,
    jobs,
  },
  e2e: {
    title: "whole programs, the commands, the campaign, the packed package and the documentation",
    specs: ["campaign/**", "package/**", "unit/examples/**", "docs/**", "e2e/**", "cli/**"],
    jobs,
  },
  simulator: { title: "the simulator", specs: ["unit/simulator/**"], jobs, isHeld: true },
  engine: { title: "the local engine", specs: ["unit/engine"], jobs, isHeld: true, env: { VPP_ENGINE: "local" } },
  cli: {
    title: "what the local engine is held to, on the Pulumi CLI",
    specs: ["unit/engine"],
    jobs,
    isHeld: true,
    needsCli: true,
    env: { VPP_ENGINE: "cli" },
  },
  beside: {
    title: "the local engine beside the Pulumi CLI",
    specs: ["unit/engine/besideCli"],
    jobs,
    isHeld: true,
    needsCli: true,
  },
};
