import type * as pulumi from "@pulumi/pulumi";
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
  const { libraryId, contentTokenKey, bindingId, managedByGiven } = token;
  return { libraryId, contentTokenKey, bindingId, ...(managedByGiven !== undefined && { managedBy: managedByGiven }) };
}

/** The key of the content token that opens a resource's library. */
export function keyOf(token: VppToken | TokenReference): pulumi.Input<string> {
  return token instanceof VppToken ? token.keyGiven : token?.contentTokenKey;
}
