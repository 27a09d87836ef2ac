import type * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";

/** What a resource of Pulumi's SDK has beside its outputs; for its own use. */
interface ResourceInternals {
  readonly __transformations?: readonly unknown[];
}

/** Where Pulumi's SDK keeps what belongs to a run; for its own use. */
interface StateInternals {
  readonly getStore?: () => { readonly callbacks?: unknown };
}

/**
 * Whether the provider may be given other inputs than a constructor was given: by `ignoreChanges`, or by a transform of the resource, of one
 * that holds it, or of the stack. Transforms run at the engine's request, by way of callbacks, and nobody can tell of which resources; so once a
 * program has any, they may be of all.
 */
export function mayEngineChange(
  opts: pulumi.CustomResourceOptions | undefined,
  resource: pulumi.Resource | undefined,
): boolean {
  const { __transformations = [] } = (resource ?? {}) as ResourceInternals;
  return (opts?.ignoreChanges?.length ?? 0) > 0 || __transformations.length > 0 || hasCallbacks();
}

function hasCallbacks(): boolean {
  const { getStore } = state as unknown as StateInternals;
  return getStore?.().callbacks !== undefined;
}

/** Whether `ignoreChanges` puts the old reference to the library back, with all that it holds. */
export function isTokenIgnored(opts: pulumi.CustomResourceOptions | undefined): boolean {
  return opts?.ignoreChanges?.some((path) => path === "*" || /^(\["?)?token\b/.test(path)) ?? false;
}

/**
 * The options with `"*"` in `ignoreChanges` written out as the names of all inputs: it means the same, but for the place in the plan, which the
 * provider needs in each run.
 */
export function withPlanKept(
  opts: pulumi.CustomResourceOptions | undefined,
  inputs: readonly string[],
): pulumi.CustomResourceOptions | undefined {
  if (!opts?.ignoreChanges?.includes("*")) return opts;
  return { ...opts, ignoreChanges: [...opts.ignoreChanges.filter((path) => path !== "*"), ...inputs] };
}
