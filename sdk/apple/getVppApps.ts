import type * as pulumi from "@pulumi/pulumi";
import type { FoundApp } from "../../inventory/found";
import { type LookUpToken, type LookUpTokenInput, lookUp, lookUpOutput } from "./lookUp";

/** Arguments of {@link getVppApps}. Every filter that is given must hold. */
export interface GetVppAppsArgs {
  /**
   * The library: its content token's key, a VppToken, or a reference to one.
   *
   * @default "default"
   */
  token?: LookUpToken;
  /** Only products with one of these numbers. */
  adamIds?: string[];
  /** Only products whose name holds this text, in capitals or small letters. Fails if the store does not answer, since nothing can be chosen then. */
  name?: string;
  /** Only products for this platform, such as `iOS` or `macOS`. */
  platform?: string;
  /** Only apps, or only books. */
  productType?: "App" | "Book";
  /** Only products that can, or that can't, be given to devices. */
  deviceAssignable?: boolean;
  /** Only products of which fewer licences than this are free. */
  freeBelow?: number;
  /**
   * Whether names, bundle identifiers and icons are looked up at the store; one more request for each 50 products that are left.
   *
   * @default true
   */
  names?: boolean;
}

/** Arguments of {@link getVppAppsOutput}. Every filter that is given must hold. */
export interface GetVppAppsOutputArgs {
  /**
   * The library: its content token's key, a VppToken, or a reference to one.
   *
   * @default "default"
   */
  token?: LookUpTokenInput;
  /** Only products with one of these numbers. */
  adamIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Only products whose name holds this text, in capitals or small letters. Fails if the store does not answer, since nothing can be chosen then. */
  name?: pulumi.Input<string>;
  /** Only products for this platform, such as `iOS` or `macOS`. */
  platform?: pulumi.Input<string>;
  /** Only apps, or only books. */
  productType?: pulumi.Input<"App" | "Book">;
  /** Only products that can, or that can't, be given to devices. */
  deviceAssignable?: pulumi.Input<boolean>;
  /** Only products of which fewer licences than this are free. */
  freeBelow?: pulumi.Input<number>;
  /**
   * Whether names, bundle identifiers and icons are looked up at the store; one more request for each 50 products that are left.
   *
   * @default true
   */
  names?: pulumi.Input<boolean>;
}

/** What {@link getVppApps} finds. */
export interface GetVppAppsResult {
  /** The service's id of the library. */
  libraryId: string;
  /** The products, by number. */
  apps: FoundApp[];
}

/**
 * Looks up the apps and books of a library, with their counts and, where the organization's store tells them, names and icons. Nothing is
 * written.
 *
 * All look-ups of a run share what they read of a library, so they show it as it was at the first of them, before this run's own changes.
 * They run in the program itself, previews included; there is no provider to choose and no version, so they take no InvokeOptions.
 */
export function getVppApps(args: GetVppAppsArgs = {}): Promise<GetVppAppsResult> {
  return lookUp("getVppApps", args, (lookUps, asked) => lookUps.getVppApps(asked));
}

/** Like {@link getVppApps}, for arguments that are outputs. Given a VppToken it waits until that has been bound. */
export function getVppAppsOutput(args: GetVppAppsOutputArgs = {}): pulumi.Output<GetVppAppsResult> {
  return lookUpOutput(args, (lookUps, asked) => lookUps.getVppApps(asked));
}
