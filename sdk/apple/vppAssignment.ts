import * as pulumi from "@pulumi/pulumi";
import type { AppCount, ListedPair, Releasing } from "../../provider/apple/resources/assignment/types";
import { withPlanKept } from "../plan/engineChanges";
import { plainOr } from "../plan/outputs";
import { currentPlanWriter } from "../plan/planWriter";
import { refuseSecretName } from "../plan/resourceName";
import { type AppInput, AssignmentDeclaration } from "./assignmentDeclaration";
import type { PlainTokenReference } from "./lookUp";
import { isOfType, providerText } from "./providerText";
import { libraryInputs, type TokenReference } from "./tokenRef";
import { VppApp } from "./vppApp";
import type { VppToken } from "./vppToken";

/** A product by its numbers. */
export interface AppReference {
  /** The product's number in the store, as text of digits. */
  adamId: pulumi.Input<string>;
  /**
   * The pricing kind, `STDQ` or `PLUS`.
   *
   * @default "STDQ"
   */
  pricingParam?: pulumi.Input<string>;
}

/** A product as outputs name it. */
export interface AppKey {
  /** The product's number in the store. */
  adamId: string;
  /** The pricing kind. */
  pricingParam: string;
}

/** Inputs of a {@link VppAssignment}. */
export interface VppAssignmentArgs {
  /** The library. A move to another one, under another key, replaces the resource. */
  token: VppToken | TokenReference;
  /** The apps or books, one or more, each once: a {@link VppApp}, an {@link AppReference} or an adamId. */
  apps: (VppApp | AppReference | pulumi.Input<string>)[];
  /** The devices, 8 to 14 letters or digits each, each once. Left out: devices are not in play. Books can't go to devices. */
  serialNumbers?: pulumi.Input<pulumi.Input<string>[]>;
  /** The people by id, each once; those whom a VppUserSet of the program registers must come from its `clientUserIds`. */
  clientUserIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * `required`: every app is assigned to every target. `uninstall`: none is, and the licences stay free. Books can't be uninstalled.
   *
   * @default "required"
   */
  intent?: pulumi.Input<"required" | "uninstall">;
  /**
   * Whether nobody else may hold these apps on the kinds of target in play; who does is drift, and loses the licence. Not for books.
   *
   * @default false
   */
  exclusive?: pulumi.Input<boolean>;
  /**
   * Whether licences of what leaves the program are taken back. False leaves them as they are, on shrinking and on deleting.
   *
   * @default true
   */
  reclaim?: pulumi.Input<boolean>;
  /**
   * The most targets that one update may take licences from; a preview that would take from more is refused.
   *
   * @default the larger of 25 and 10 % of the set
   */
  maxRevocations?: pulumi.Input<number>;
}

const inputNames = [
  "token",
  "apps",
  "serialNumbers",
  "clientUserIds",
  "intent",
  "exclusive",
  "reclaim",
  "maxRevocations",
];

/**
 * The inputs of a {@link VppAssignment} as a policy's rule is given them: values, as the provider's check has made them. Name it in the
 * rule, `validateResourceOfType<VppAssignment, VppAssignmentProps>(VppAssignment, …)`, since programs may write some inputs in other ways.
 */
export interface VppAssignmentProps {
  /** The library. */
  token: PlainTokenReference;
  /** The products, each by its numbers, however the program names them. */
  apps: AppKey[];
  /** The devices, in capitals. */
  serialNumbers?: string[];
  /** The people. */
  clientUserIds?: string[];
  /** Whether the licences are to be there or not. */
  intent: "required" | "uninstall";
  /** Whether nobody else may hold these apps. */
  exclusive: boolean;
  /** Whether what leaves is taken back. */
  reclaim: boolean;
  /** The most targets that one update may take licences from. */
  maxRevocations?: number;
}

/**
 * Licences: every app for every target, one resource for a whole fleet. What is assigned already is not given again and becomes the resource's.
 * What leaves the program is taken back, unless `reclaim` is false or another resource of the program requires it.
 */
export class VppAssignment extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/vpp:VppAssignment";

  /**
   * Whether a value is a VppAssignment, also one of another copy of this package.
   *
   * @param value
   *  Anything.
   */
  static override isInstance(value: unknown): value is VppAssignment {
    return isOfType(value, VppAssignment.__pulumiType);
  }

  /** The library. */
  declare readonly token: pulumi.Output<PlainTokenReference>;
  /** The products. */
  declare readonly apps: pulumi.Output<AppKey[]>;
  /** The devices. */
  declare readonly serialNumbers: pulumi.Output<string[] | undefined>;
  /** The people. */
  declare readonly clientUserIds: pulumi.Output<string[] | undefined>;
  /** Whether the licences are to be there or not. */
  declare readonly intent: pulumi.Output<"required" | "uninstall">;
  /** Whether nobody else may hold these apps. */
  declare readonly exclusive: pulumi.Output<boolean>;
  /** Whether what leaves is taken back. */
  declare readonly reclaim: pulumi.Output<boolean>;
  /** The most targets that one update may take licences from. */
  declare readonly maxRevocations: pulumi.Output<number | undefined>;
  /** Licences of this resource that are assigned. */
  declare readonly assignedCount: pulumi.Output<number>;
  /** Licences of this resource that should be assigned and are not. */
  declare readonly missingCount: pulumi.Output<number>;
  /** The first 100 of those. */
  declare readonly missing: pulumi.Output<ListedPair[]>;
  /** Licences that should not be assigned and are. */
  declare readonly surplusCount: pulumi.Output<number>;
  /** The first 100 of those. */
  declare readonly surplus: pulumi.Output<ListedPair[]>;
  /** How many targets hold a surplus licence. */
  declare readonly surplusTargetCount: pulumi.Output<number>;
  /** People who hold a licence and have not accepted their invitation. */
  declare readonly pendingCount: pulumi.Output<number>;
  /**
   * How many licences of each app are free, in the order of `apps`, with what this resource has just assigned and revoked counted in. Absent in
   * a state of 0.1.0 until the next refresh or update. {@link VppAssignment.availableCountOf} picks one.
   */
  declare readonly appCounts: pulumi.Output<AppCount[] | undefined>;
  /** Licences that have left the program and are not seen taken back yet, which the next update goes on with; absent if none. */
  declare readonly releasing: pulumi.Output<Releasing[] | undefined>;
  /** When the service was last asked, ISO 8601 in UTC. */
  declare readonly lastSyncedAt: pulumi.Output<string>;

  /**
   * @param name
   *  The resource's name in the program; another name is another resource, unless `aliases` names the old one.
   * @param args
   *  Which products, which targets, and what becomes of those who leave.
   * @param opts
   *  What Pulumi itself offers for every resource, such as `protect` and `aliases`.
   */
  constructor(name: string, args: VppAssignmentArgs, opts?: pulumi.CustomResourceOptions) {
    refuseSecretName(name);
    const ledger = currentPlanWriter();
    const apps = Array.isArray(args.apps) ? args.apps.map(toAppInput) : args.apps;
    const declaration = new AssignmentDeclaration(ledger, name, args, apps, opts);
    const outputs = {
      assignedCount: undefined,
      missingCount: undefined,
      missing: undefined,
      surplusCount: undefined,
      surplus: undefined,
      surplusTargetCount: undefined,
      pendingCount: undefined,
      appCounts: undefined,
      releasing: undefined,
      lastSyncedAt: undefined,
    };
    const inputs = {
      ...libraryInputs(args.token, ledger.planInput(declaration, declaration.entry, name, declaration.settled), opts),
      apps,
      serialNumbers: args.serialNumbers,
      clientUserIds: args.clientUserIds,
      intent: args.intent ?? "required",
      exclusive: args.exclusive ?? false,
      reclaim: args.reclaim ?? true,
      maxRevocations: args.maxRevocations,
    };
    super(
      VppAssignment.__pulumiType,
      name,
      { __provider: providerText("vppAssignment"), ...outputs, ...inputs },
      withPlanKept(opts, inputNames),
    );
    declaration.resource = this;
    ledger.noteWhenRecorded(this, declaration.entry);
  }

  /**
   * How many licences of an app are free once this resource has assigned its own, as of `lastSyncedAt`; 2147483647 stands for unlimited.
   * `VppApp.availableCount` is read before that. Where several resources assign the app, ask the one that is updated last.
   *
   * @param app
   *  One of `apps`. Undefined comes back for any other, and after 0.1.0 until the next refresh or update.
   */
  availableCountOf(app: VppApp | AppReference | pulumi.Input<string>): pulumi.Output<number | undefined> {
    const wanted = toAppInput(app);
    return pulumi
      .all([this.appCounts, wanted.adamId, wanted.pricingParam])
      .apply(
        ([counts, adamId, pricingParam]) =>
          counts?.find((count) => count.adamId === adamId && count.pricingParam === pricingParam)?.availableCount,
      );
  }
}

function toAppInput(app: VppApp | AppReference | pulumi.Input<string>): AppInput {
  // One output is enough to make the assignment depend on the app.
  if (app instanceof VppApp) return { adamId: app.adamId, pricingParam: plainOr(app.pricingParam) };
  if (typeof app === "object" && app !== null && "adamId" in app && !pulumi.Output.isInstance(app)) {
    return { adamId: app.adamId, pricingParam: app.pricingParam ?? "STDQ" };
  }
  return { adamId: app as pulumi.Input<string>, pricingParam: "STDQ" };
}
