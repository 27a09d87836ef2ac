import { join } from "node:path";
import { root } from "../../test/support/paths";
import { runInside } from "./inside";
import type { Job } from "./job";

function loading(name: string, title: string, ours: string, floor: string): Job {
  return {
    name,
    title,
    sizes: [1],
    quickSizes: [1],
    hasEngine: false,
    isCheap: true,
    prepare: async () => ({
      scale: {},
      ours: () => runInside("load", [ours]),
      floor: () => runInside("load", [floor]),
    }),
  };
}

/** What it costs to be there at all. */
export const loadingJobs: readonly Job[] = [
  loading(
    "load-provider",
    "loading the provider in the host, beside an empty module",
    "pulumi-vpp/provider",
    join(root, "dist/bench/inside/empty.js"),
  ),
  loading("load-sdk", "loading the SDK in a program, beside @pulumi/pulumi alone", "pulumi-vpp", "@pulumi/pulumi"),
];
