import type * as pulumi from "@pulumi/pulumi";
import type { FoundAssignment } from "../../inventory/found";
import { type LookUpToken, type LookUpTokenInput, lookUp, lookUpOutput } from "./lookUp";

/** Arguments of {@link getVppAssignments}. Every filter that is given must hold; without any, all licences of the library are read. */
export interface GetVppAssignmentsArgs {
  /**
   * The library: its content token's key, a VppToken, or a reference to one.
   *
   * @default "default"
   */
  token?: LookUpToken;
  /** Only licences of this product. */
  adamId?: string;
  /** Only licences that this device holds. Not together with `clientUserId`. */
  serialNumber?: string;
  /** Only licences that this person holds. Not together with `serialNumber`. */
  clientUserId?: string;
}

/** Arguments of {@link getVppAssignmentsOutput}. Every filter that is given must hold; without any, all licences of the library are read. */
export interface GetVppAssignmentsOutputArgs {
  /**
   * The library: its content token's key, a VppToken, or a reference to one.
   *
   * @default "default"
   */
  token?: LookUpTokenInput;
  /** Only licences of this product. */
  adamId?: pulumi.Input<string>;
  /** Only licences that this device holds. Not together with `clientUserId`. */
  serialNumber?: pulumi.Input<string>;
  /** Only licences that this person holds. Not together with `serialNumber`. */
  clientUserId?: pulumi.Input<string>;
}

/** What {@link getVppAssignments} finds. */
export interface GetVppAssignmentsResult {
  /** The service's id of the library. */
  libraryId: string;
  /** The licences: those of devices, then those of people, by app and target. */
  assignments: FoundAssignment[];
}

/**
 * Looks up who holds which licences, in as few requests as the filters allow. Those of retired people are left out. Nothing is written.
 *
 * All look-ups of a run share what they read of a library, so they show it as it was at the first of them, before this run's own changes.
 * They run in the program itself, previews included; there is no provider to choose and no version, so they take no InvokeOptions.
 */
export function getVppAssignments(args: GetVppAssignmentsArgs = {}): Promise<GetVppAssignmentsResult> {
  return lookUp("getVppAssignments", args, (lookUps, asked) => lookUps.getVppAssignments(asked));
}

/** Like {@link getVppAssignments}, for arguments that are outputs. Given a VppToken it waits until that has been bound. */
export function getVppAssignmentsOutput(
  args: GetVppAssignmentsOutputArgs = {},
): pulumi.Output<GetVppAssignmentsResult> {
  return lookUpOutput(args, (lookUps, asked) => lookUps.getVppAssignments(asked));
}
