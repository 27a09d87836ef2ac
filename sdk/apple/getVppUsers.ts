import * as pulumi from "@pulumi/pulumi";
import type { FoundUser } from "../../inventory/found";
import { type LookUpToken, type LookUpTokenInput, lookUp, lookUpOutput } from "./lookUp";

/** Arguments of {@link getVppUsers}. Every filter that is given must hold. */
export interface GetVppUsersArgs {
  /**
   * The library: its content token's key, a VppToken, or a reference to one.
   *
   * @default "default"
   */
  token?: LookUpToken;
  /** Only these people. Whom the service has no active record of is left out. */
  clientUserIds?: string[];
  /** Only people who are invited (`Registered`), or who have accepted (`Associated`). */
  status?: "Registered" | "Associated";
  /**
   * Whether e-mail addresses and addresses of invitations are given out.
   *
   * @default true
   */
  personalData?: boolean;
}

/** Arguments of {@link getVppUsersOutput}. Every filter that is given must hold. */
export interface GetVppUsersOutputArgs {
  /**
   * The library: its content token's key, a VppToken, or a reference to one.
   *
   * @default "default"
   */
  token?: LookUpTokenInput;
  /** Only these people. Whom the service has no active record of is left out. */
  clientUserIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Only people who are invited (`Registered`), or who have accepted (`Associated`). */
  status?: pulumi.Input<"Registered" | "Associated">;
  /**
   * Whether e-mail addresses and addresses of invitations are given out. The whole result is a secret then; with `false` it is none.
   *
   * @default true
   */
  personalData?: boolean;
}

/** What {@link getVppUsers} finds. */
export interface GetVppUsersResult {
  /** The service's id of the library. */
  libraryId: string;
  /** The people, by id. */
  users: FoundUser[];
}

/**
 * Looks up the people of a library: invited or accepted, not retired. Nothing is written.
 *
 * **E-mail addresses and addresses of invitations come in clear.** Wrap what you export of them in `pulumi.secret`, or use
 * {@link getVppUsersOutput}, whose result is a secret, or set `personalData: false`.
 *
 * All look-ups of a run share what they read of a library, so they show it as it was at the first of them, before this run's own changes.
 * They run in the program itself, previews included; there is no provider to choose and no version, so they take no InvokeOptions.
 */
export function getVppUsers(args: GetVppUsersArgs = {}): Promise<GetVppUsersResult> {
  return lookUp("getVppUsers", args, (lookUps, asked) => lookUps.getVppUsers(asked));
}

/**
 * Like {@link getVppUsers}, for arguments that are outputs. Given a VppToken it waits until that has been bound. The result is a secret, and so
 * is all that is derived from it, unless `personalData` is false.
 */
export function getVppUsersOutput(args: GetVppUsersOutputArgs = {}): pulumi.Output<GetVppUsersResult> {
  const found = lookUpOutput(args, (lookUps, asked) => lookUps.getVppUsers(asked));
  return args.personalData === false ? found : pulumi.secret(found);
}
