import * as pulumi from "@pulumi/pulumi";
import type { Holder, TokenStatus } from "../../provider/apple/resources/token/types";
import type { PlanLine } from "../../provider/plan/planLines";
import { withPlanKept } from "../plan/engineChanges";
import { whenKnown, whenTextKnown } from "../plan/outputs";
import { currentPlanWriter } from "../plan/planWriter";
import { refuseSecretName } from "../plan/resourceName";
import { isOfType, providerText } from "./providerText";

/** Inputs of a {@link VppToken}. The content token itself is never one: it comes from the environment or the configuration. */
export interface VppTokenArgs {
  /**
   * Which content token opens the library: `VPP_CONTENT_TOKEN_<KEY>` or `…_FILE` in the environment, or `vpp:contentTokenFiles.<key>`.
   * 1 to 63 letters, digits, dots, hyphens or underscores. A change is made in place.
   *
   * @default "default", which is read from `VPP_CONTENT_TOKEN`, `VPP_CONTENT_TOKEN_FILE` or `vpp:contentTokenFile`
   */
  contentTokenKey?: pulumi.Input<string>;
  /** What people call this library, 1 to 255 characters. A change is made in place. */
  displayName?: pulumi.Input<string>;
  /** The Managed Apple Account that downloaded the token, 1 to 255 characters. Kept as a secret. May change only together with the token. */
  appleAccount?: pulumi.Input<string>;
  /**
   * The id of the mark from which the library is to be taken over, once: that of another service or stack, or this stack's own `bindingId` after
   * its state has lost the `VppToken`. If the same service comes back it is refused again, until this has been removed in one run and set
   * anew in the next.
   */
  takeOverFrom?: pulumi.Input<string>;
  /**
   * The id of another service whose mark is meant to be on the library, such as the device management that installs the apps. Then no
   * mark is written and none released. Not together with `takeOverFrom`.
   */
  managedBy?: pulumi.Input<string>;
  /**
   * The most devices and people of this library that may lose licences in one run because assignments leave the program. More is refused, in the
   * preview as far as it can be foreseen, and before each delete. Without it, the setting `vpp:maxRevocations` counts.
   *
   * @default the larger of 25 and 10 % of what the program and its deletes hold
   */
  maxRevocations?: pulumi.Input<number>;
  /**
   * The most people of this library who may be retired in one run because user sets leave the program. Without it, the setting
   * `vpp:maxRetirements` counts.
   *
   * @default the larger of 10 and 10 % of what the program and its deletes hold
   */
  maxRetirements?: pulumi.Input<number>;
}

/**
 * The inputs of a {@link VppToken} as a policy's rule is given them: values, as the provider's check has made them. Name it in the
 * rule, `validateResourceOfType<VppToken, VppTokenProps>(VppToken, …)`, since programs may write some inputs in other ways.
 */
export interface VppTokenProps {
  /** Which content token opens the library. */
  contentTokenKey: string;
  /** What people call this library. */
  displayName?: string;
  /** The account that downloaded the token. */
  appleAccount?: string;
  /** The service from which the library may be taken over, once. */
  takeOverFrom?: string;
  /** The service whose mark is meant to be on the library. */
  managedBy?: string;
  /** The most devices and people who may lose licences in one run because assignments leave the program. */
  maxRevocations?: number;
  /** The most people who may be retired in one run because user sets leave the program. */
  maxRetirements?: number;
  /** The service's id of the library. */
  libraryId: string;
  /** The id of our mark. */
  bindingId: string;
  /** First 12 hexadecimal digits of the token's SHA-256. */
  tokenFingerprint: string;
}

/**
 * A library of apps and books, bound to this stack by our mark on it. A content token is renewed in place: put the new one where the old
 * one was and run `pulumi up`. A token of another library is refused. Deleting releases the mark.
 */
export class VppToken extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/vpp:VppToken";

  /**
   * Whether a value is a VppToken, also one of another copy of this package.
   *
   * @param value
   *  Anything.
   */
  static override isInstance(value: unknown): value is VppToken {
    return isOfType(value, VppToken.__pulumiType);
  }

  /** Which content token opens the library. */
  declare readonly contentTokenKey: pulumi.Output<string>;
  /** What people call this library. */
  declare readonly displayName: pulumi.Output<string | undefined>;
  /** The account that downloaded the token; a secret. */
  declare readonly appleAccount: pulumi.Output<string | undefined>;
  /** The service from which the library may be taken over, once. */
  declare readonly takeOverFrom: pulumi.Output<string | undefined>;
  /** The service whose mark is meant to be on the library. */
  declare readonly managedBy: pulumi.Output<string | undefined>;
  /** The most devices and people who may lose licences in one run because assignments leave the program. */
  declare readonly maxRevocations: pulumi.Output<number | undefined>;
  /** The most people who may be retired in one run because user sets leave the program. */
  declare readonly maxRetirements: pulumi.Output<number | undefined>;
  /** The service's id of the library. */
  declare readonly libraryId: pulumi.Output<string>;
  /** The id of our mark. */
  declare readonly bindingId: pulumi.Output<string>;
  /** First 12 hexadecimal digits of the token's SHA-256. */
  declare readonly tokenFingerprint: pulumi.Output<string>;
  /** When the token runs out, ISO 8601 in UTC. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** How the token stands; `expiring` in its last 30 days. */
  declare readonly status: pulumi.Output<TokenStatus>;
  /** The service whose mark the library bears; absent if none. */
  declare readonly holder: pulumi.Output<Holder | undefined>;
  /** The organizational unit's name. */
  declare readonly locationName: pulumi.Output<string>;
  /** The organization's name. */
  declare readonly organizationName: pulumi.Output<string>;
  /** The organization's country, two letters. */
  declare readonly countryCode: pulumi.Output<string>;
  /** `enterprisestore` or `volumestore` (education). */
  declare readonly platform: pulumi.Output<string>;
  /** When the token in place last changed, ISO 8601 in UTC. */
  declare readonly lastUpdatedAt: pulumi.Output<string>;
  /** When the service was last asked, ISO 8601 in UTC. */
  declare readonly lastSyncedAt: pulumi.Output<string>;

  /** @internal */
  readonly keyGiven: pulumi.Input<string>;
  /** @internal */
  readonly managedByGiven: pulumi.Input<string> | undefined;

  /**
   * @param name
   *  The resource's name in the program; another name is another resource, unless `aliases` names the old one.
   * @param args
   *  What to bind, and how to treat another service.
   * @param opts
   *  What Pulumi itself offers for every resource, such as `protect` and `aliases`.
   */
  constructor(name: string, args: VppTokenArgs = {}, opts?: pulumi.CustomResourceOptions) {
    const contentTokenKey = args.contentTokenKey ?? "default";
    refuseSecretName(name);
    const ledger = currentPlanWriter();
    const entry = ledger.nextEntry();
    let key: string | undefined;
    const limits: { maxRevocations?: number; maxRetirements?: number } = {};
    const declaration = {
      line: (): PlanLine | undefined => (key === undefined ? undefined : { t: "token", entry, name, key, ...limits }),
    };
    const settled = Promise.all([
      whenTextKnown(contentTokenKey, (value) => {
        key = value;
        void ledger.declare(declaration);
      }),
      whenKnown<unknown>(args.maxRevocations, (value) => {
        if (typeof value === "number") limits.maxRevocations = value;
        void ledger.declare(declaration);
      }),
      whenKnown<unknown>(args.maxRetirements, (value) => {
        if (typeof value === "number") limits.maxRetirements = value;
        void ledger.declare(declaration);
      }),
    ]);
    const outputs = {
      libraryId: undefined,
      bindingId: undefined,
      tokenFingerprint: undefined,
      expiresAt: undefined,
      status: undefined,
      holder: undefined,
      locationName: undefined,
      organizationName: undefined,
      countryCode: undefined,
      platform: undefined,
      lastUpdatedAt: undefined,
      lastSyncedAt: undefined,
    };
    const inputs = {
      displayName: args.displayName,
      appleAccount: args.appleAccount === undefined ? undefined : pulumi.secret(args.appleAccount),
      takeOverFrom: args.takeOverFrom,
      managedBy: args.managedBy,
      maxRevocations: args.maxRevocations,
      maxRetirements: args.maxRetirements,
      contentTokenKey,
      plan: ledger.planInput(declaration, entry, name, settled),
    };
    super(
      VppToken.__pulumiType,
      name,
      { __provider: providerText("vppToken"), ...outputs, ...inputs },
      withPlanKept(opts, ["contentTokenKey", "displayName", "appleAccount", "takeOverFrom", "managedBy"]),
    );
    ledger.noteWhenRecorded(this, entry);
    this.keyGiven = contentTokenKey;
    this.managedByGiven = args.managedBy;
  }
}
