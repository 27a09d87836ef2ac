import type * as pulumi from "@pulumi/pulumi";
import type { FoundToken } from "../../inventory/found";
import { type LookUpToken, type LookUpTokenInput, lookUp, lookUpOutput } from "./lookUp";

/** Arguments of {@link getVppToken}. */
export interface GetVppTokenArgs {
  /**
   * Which content token: its key, a VppToken, or a reference to one.
   *
   * @default "default"
   */
  token?: LookUpToken;
}

/** Arguments of {@link getVppTokenOutput}. */
export interface GetVppTokenOutputArgs {
  /**
   * Which content token: its key, a VppToken, or a reference to one.
   *
   * @default "default"
   */
  token?: LookUpTokenInput;
}

/** What {@link getVppToken} finds. */
export type GetVppTokenResult = FoundToken;

/**
 * Looks up how a content token and its library stand. Nothing is written. A dead token is no error but a `status`.
 *
 * All look-ups of a run share what they read of a library, so they show it as it was at the first of them, before this run's own changes.
 * They run in the program itself, previews included; there is no provider to choose and no version, so they take no InvokeOptions.
 */
export function getVppToken(args: GetVppTokenArgs = {}): Promise<GetVppTokenResult> {
  return lookUp("getVppToken", args, (lookUps, asked) => lookUps.getVppToken(asked));
}

/** Like {@link getVppToken}, for arguments that are outputs. Given a VppToken it waits until that has been bound. */
export function getVppTokenOutput(args: GetVppTokenOutputArgs = {}): pulumi.Output<GetVppTokenResult> {
  return lookUpOutput(args, (lookUps, asked) => lookUps.getVppToken(asked));
}
