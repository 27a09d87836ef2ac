import * as pulumi from "@pulumi/pulumi";
import { withPlanKept } from "../plan/engineChanges";
import { rememberPlain } from "../plan/outputs";
import { currentPlanWriter } from "../plan/planWriter";
import { refuseSecretName } from "../plan/resourceName";
import type { PlainTokenReference } from "./lookUp";
import { isOfType, providerText } from "./providerText";
import { libraryInputs, type TokenReference } from "./tokenRef";
import type { VppToken } from "./vppToken";

/** Inputs of a {@link VppApp}. */
export interface VppAppArgs {
  /** The library. A move to another one, under another key, replaces the resource; nothing happens at the service. */
  token: VppToken | TokenReference;
  /** The product's number in the store, as text of digits. A change replaces the resource. */
  adamId: pulumi.Input<string>;
  /**
   * The pricing kind, `STDQ` (standard) or `PLUS` (high quality); together with `adamId` it names the product. A change replaces the resource.
   *
   * @default "STDQ"
   */
  pricingParam?: pulumi.Input<string>;
  /** Warn when fewer licences than this are free. A whole number, 0 or more. */
  minimumAvailable?: pulumi.Input<number>;
}

/**
 * The inputs of a {@link VppApp} as a policy's rule is given them: values, as the provider's check has made them. Name it in the
 * rule, `validateResourceOfType<VppApp, VppAppProps>(VppApp, …)`, since programs may write some inputs in other ways.
 */
export interface VppAppProps {
  /** The library. */
  token: PlainTokenReference;
  /** The product's number in the store. */
  adamId: string;
  /** The pricing kind. */
  pricingParam: string;
  /** Below how many free licences to warn. */
  minimumAvailable?: number;
}

/**
 * A product, app or book, that the library owns. Nothing is written for it; it tells what there is. Counts are licences as of
 * `lastSyncedAt`, before the assignments of the same run, since those come after it: `VppAssignment.availableCountOf` has them counted in.
 * 2147483647 stands for unlimited.
 */
export class VppApp extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/vpp:VppApp";

  /**
   * Whether a value is a VppApp, also one of another copy of this package.
   *
   * @param value
   *  Anything.
   */
  static override isInstance(value: unknown): value is VppApp {
    return isOfType(value, VppApp.__pulumiType);
  }

  /** The library. */
  declare readonly token: pulumi.Output<PlainTokenReference>;
  /** The product's number in the store. */
  declare readonly adamId: pulumi.Output<string>;
  /** The pricing kind. */
  declare readonly pricingParam: pulumi.Output<string>;
  /** Below how many free licences to warn. */
  declare readonly minimumAvailable: pulumi.Output<number | undefined>;
  /** The product's name in the organization's store, if that could be looked up. */
  declare readonly displayName: pulumi.Output<string | undefined>;
  /** The app's bundle identifier, if that could be looked up. */
  declare readonly bundleId: pulumi.Output<string | undefined>;
  /** `App` or `Book`. */
  declare readonly productType: pulumi.Output<string>;
  /** Whether it can be given to devices. */
  declare readonly deviceAssignable: pulumi.Output<boolean>;
  /** Whether licences can be taken back; those of books can't. */
  declare readonly revocable: pulumi.Output<boolean>;
  /** Such as `iOS`, `macOS`. */
  declare readonly supportedPlatforms: pulumi.Output<string[]>;
  /** Licences owned. */
  declare readonly totalCount: pulumi.Output<number>;
  /** Licences assigned, whoever assigned them. */
  declare readonly assignedCount: pulumi.Output<number>;
  /** Licences free. */
  declare readonly availableCount: pulumi.Output<number>;
  /** Licences held by retired users. */
  declare readonly retiredCount: pulumi.Output<number>;
  /** When the service was last asked, ISO 8601 in UTC. */
  declare readonly lastSyncedAt: pulumi.Output<string>;

  /**
   * @param name
   *  The resource's name in the program; another name is another resource, unless `aliases` names the old one.
   * @param args
   *  Which product, and how many licences are to be free.
   * @param opts
   *  What Pulumi itself offers for every resource, such as `protect` and `aliases`.
   */
  constructor(name: string, args: VppAppArgs, opts?: pulumi.CustomResourceOptions) {
    refuseSecretName(name);
    const ledger = currentPlanWriter();
    const pricingParam = args.pricingParam ?? "STDQ";
    const outputs = {
      displayName: undefined,
      bundleId: undefined,
      productType: undefined,
      deviceAssignable: undefined,
      revocable: undefined,
      supportedPlatforms: undefined,
      totalCount: undefined,
      assignedCount: undefined,
      availableCount: undefined,
      retiredCount: undefined,
      lastSyncedAt: undefined,
    };
    const plan = ledger.planInput({ line: () => undefined }, ledger.nextEntry(), name, Promise.resolve());
    const inputs = {
      ...libraryInputs(args.token, plan, opts),
      adamId: args.adamId,
      pricingParam,
      minimumAvailable: args.minimumAvailable,
    };
    super(
      VppApp.__pulumiType,
      name,
      { __provider: providerText("vppApp"), ...outputs, ...inputs },
      withPlanKept(opts, ["token", "adamId", "pricingParam", "minimumAvailable"]),
    );
    if (typeof args.adamId === "string") rememberPlain(this.adamId, args.adamId);
    if (typeof pricingParam === "string") rememberPlain(this.pricingParam, pricingParam);
  }
}
