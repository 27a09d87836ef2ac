/**
 * The floor's classes: the names and arguments of ours, so that one program text does for both, and nothing behind them but the engine's own
 * `CustomResource`. Nothing of our SDK is loaded.
 */
import * as pulumi from "@pulumi/pulumi";

/** As constant as ours, and as long. */
const textOf = (name: string): string => `exports.handler = () => require("pulumi-floor/provider").${name};`;

const typeOf = (kind: string): string => `pulumi-nodejs:dynamic/nil:${kind}`;

/** Outputs that the provider gives, as the SDK wants them to be named. */
const unset = (...names: string[]): pulumi.Inputs => Object.fromEntries(names.map((name) => [name, undefined]));

interface TokenArgs {
  readonly contentTokenKey?: pulumi.Input<string>;
}

export class VppToken extends pulumi.CustomResource {
  declare readonly contentTokenKey: pulumi.Output<string>;
  declare readonly libraryId: pulumi.Output<string>;
  declare readonly bindingId: pulumi.Output<string>;

  constructor(name: string, args: TokenArgs = {}, opts?: pulumi.CustomResourceOptions) {
    const outputs = unset(
      "libraryId",
      "bindingId",
      "tokenFingerprint",
      "expiresAt",
      "status",
      "holder",
      "locationName",
      "organizationName",
      "countryCode",
      "platform",
      "lastUpdatedAt",
      "lastSyncedAt",
    );
    const inputs = { displayName: undefined, ...args, contentTokenKey: args.contentTokenKey ?? "default" };
    super(typeOf("VppToken"), name, { __provider: textOf("emptyToken"), ...outputs, ...inputs }, opts);
  }
}

const tokenInput = ({ libraryId, contentTokenKey, bindingId }: VppToken): pulumi.Inputs => ({
  libraryId,
  contentTokenKey,
  bindingId,
});

interface AppArgs {
  readonly token: VppToken;
  readonly adamId: pulumi.Input<string>;
}

export class VppApp extends pulumi.CustomResource {
  declare readonly adamId: pulumi.Output<string>;
  declare readonly pricingParam: pulumi.Output<string>;

  constructor(name: string, { token, adamId }: AppArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = unset(
      "displayName",
      "bundleId",
      "productType",
      "deviceAssignable",
      "revocable",
      "supportedPlatforms",
      "totalCount",
      "assignedCount",
      "availableCount",
      "retiredCount",
      "lastSyncedAt",
    );
    const inputs = { token: tokenInput(token), adamId, pricingParam: "STDQ", minimumAvailable: undefined };
    super(typeOf("VppApp"), name, { __provider: textOf("emptyApp"), ...outputs, ...inputs }, opts);
  }
}

interface UserSetArgs {
  readonly token: VppToken;
  readonly users: pulumi.Input<{ readonly clientUserId: string }[]>;
}

export class VppUserSet extends pulumi.CustomResource {
  declare readonly users: pulumi.Output<{ readonly clientUserId: string }[]>;
  readonly clientUserIds: pulumi.Output<string[]>;

  constructor(name: string, { token, users }: UserSetArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = unset("invitedCount", "acceptedCount", "missingCount", "members", "releasing", "lastSyncedAt");
    const inputs = { token: tokenInput(token), users: pulumi.secret(users), reclaim: true, maxRetirements: undefined };
    super(
      typeOf("VppUserSet"),
      name,
      { __provider: textOf("emptyUserSet"), ...outputs, ...inputs },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["members"] }),
    );
    this.clientUserIds = pulumi.unsecret(this.users.apply((list) => list.map(({ clientUserId }) => clientUserId)));
  }
}

interface AssignmentArgs {
  readonly token: VppToken;
  readonly apps: readonly (VppApp | string)[];
  readonly serialNumbers?: pulumi.Input<string[]>;
  readonly clientUserIds?: pulumi.Input<string[]>;
}

export class VppAssignment extends pulumi.CustomResource {
  constructor(name: string, args: AssignmentArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = unset(
      "assignedCount",
      "missingCount",
      "missing",
      "surplusCount",
      "surplus",
      "surplusTargetCount",
      "pendingCount",
      "appCounts",
      "releasing",
      "lastSyncedAt",
    );
    const inputs = {
      token: tokenInput(args.token),
      apps: args.apps.map((app) =>
        app instanceof VppApp
          ? { adamId: app.adamId, pricingParam: app.pricingParam }
          : { adamId: app, pricingParam: "STDQ" },
      ),
      serialNumbers: args.serialNumbers,
      clientUserIds: args.clientUserIds,
      intent: "required",
      exclusive: false,
      reclaim: true,
      maxRevocations: undefined,
    };
    super(typeOf("VppAssignment"), name, { __provider: textOf("emptyAssignment"), ...outputs, ...inputs }, opts);
  }
}
