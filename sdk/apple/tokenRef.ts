import type * as pulumi from "@pulumi/pulumi";
import type { PlanInput } from "../../provider/plan/planLines";
import { isTokenIgnored } from "../plan/engineChanges";
import { VppToken } from "./vppToken";

/** A library bound elsewhere: the outputs of a VppToken, for example from another stack. */
export interface TokenReference {
  /** The library's id. */
  libraryId: pulumi.Input<string>;
  /** The key under which this stack's environment or configuration holds the content token. */
  contentTokenKey: pulumi.Input<string>;
  /** The id of the mark that the library bears. */
  bindingId: pulumi.Input<string>;
  /** The other service's id, if the VppToken has `managedBy`. */
  managedBy?: pulumi.Input<string>;
}

/** A resource's `token` as an input of the provider: always the same plain form. */
export function toTokenInput(token: VppToken | TokenReference): pulumi.Input<object> {
  if (!(token instanceof VppToken)) return token;
  const { libraryId, keyGiven: contentTokenKey, bindingId, managedByGiven } = token;
  return { libraryId, contentTokenKey, bindingId, ...(managedByGiven !== undefined && { managedBy: managedByGiven }) };
}

/**
 * The inputs that every resource of a library has. The plan goes inside the token where there is one: of each property of its own Pulumi's SDK
 * makes an output with all that belongs to it, which for a thousand resources takes longer than everything else that we add to a run. Where
 * `ignoreChanges` puts the old token back, it must stand beside it.
 */
export function libraryInputs(
  token: VppToken | TokenReference,
  plan: Promise<PlanInput>,
  opts: pulumi.CustomResourceOptions | undefined,
): { readonly token: pulumi.Input<object>; readonly plan?: Promise<PlanInput> } {
  const input = toTokenInput(token);
  return token instanceof VppToken && !isTokenIgnored(opts)
    ? { token: { ...(input as object), plan } }
    : { token: input, plan };
}

/** The key of the content token that opens a resource's library. */
export function keyOf(token: VppToken | TokenReference): pulumi.Input<string> {
  return token instanceof VppToken ? token.keyGiven : token?.contentTokenKey;
}
