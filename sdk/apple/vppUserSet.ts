import * as pulumi from "@pulumi/pulumi";
import type { Member } from "../../provider/apple/resources/userSet/types";
import type { PlanLine } from "../../provider/plan/planLines";
import { mayEngineChange, withPlanKept } from "../plan/engineChanges";
import { rememberPlain, whenKnown, whenListKnown, whenTextKnown } from "../plan/outputs";
import { currentPlanWriter } from "../plan/planWriter";
import { refuseSecretName } from "../plan/resourceName";
import type { PlainTokenReference } from "./lookUp";
import { isOfType, providerText } from "./providerText";
import { keyOf, libraryInputs, type TokenReference } from "./tokenRef";
import type { VppToken } from "./vppToken";

/** A person who is to be known to the library. */
export interface VppUserArgs {
  /** Your own id for the person, 1 to 255 characters, unique among active users; Apple asks for one that tells nothing about the person. */
  clientUserId: string;
  /** The person's e-mail address. A change is made in place. */
  email?: string;
  /** A Managed Apple Account of the same organization; then nobody needs to accept an invitation. A change is made in place. */
  managedAppleId?: string;
}

/** Inputs of a {@link VppUserSet}. */
export interface VppUserSetArgs {
  /** The library. A move to another one, under another key, replaces the resource. */
  token: VppToken | TokenReference;
  /** The people. Kept as a secret. Each clientUserId in one set only. */
  users: pulumi.Input<pulumi.Input<VppUserArgs>[]>;
  /**
   * Whether people who leave the set, or the set itself, are retired, if this resource registered them.
   *
   * @default true
   */
  reclaim?: pulumi.Input<boolean>;
  /**
   * The most people that one update may retire; a preview that would retire more is refused.
   *
   * @default the larger of 10 and 10 % of the set
   */
  maxRetirements?: pulumi.Input<number>;
}

/**
 * The inputs of a {@link VppUserSet} as a policy's rule is given them: values, as the provider's check has made them. Name it in the
 * rule, `validateResourceOfType<VppUserSet, VppUserSetProps>(VppUserSet, …)`, since programs may write some inputs in other ways. Secrets are in clear.
 */
export interface VppUserSetProps {
  /** The library. */
  token: PlainTokenReference;
  /** The people. */
  users: VppUserArgs[];
  /** Whether people who leave are retired. */
  reclaim: boolean;
  /** The most people that one update may retire. */
  maxRetirements?: number;
}

/**
 * People of a library. A person is registered, and thereby invited; Apple sends no mail, so you hand on the `inviteUrl` in `members`. People can be
 * given licences before they accept. Who is registered already is adopted, and never retired by this resource.
 */
export class VppUserSet extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/vpp:VppUserSet";

  /**
   * Whether a value is a VppUserSet, also one of another copy of this package.
   *
   * @param value
   *  Anything.
   */
  static override isInstance(value: unknown): value is VppUserSet {
    return isOfType(value, VppUserSet.__pulumiType);
  }

  /** The library. */
  declare readonly token: pulumi.Output<PlainTokenReference>;
  /** The people; a secret. */
  declare readonly users: pulumi.Output<VppUserArgs[]>;
  /** Whether people who leave are retired. */
  declare readonly reclaim: pulumi.Output<boolean>;
  /** The most people that one update may retire. */
  declare readonly maxRetirements: pulumi.Output<number | undefined>;
  /** How many are invited and have not accepted. */
  declare readonly invitedCount: pulumi.Output<number>;
  /** How many have accepted, or have a linked Managed Apple Account. */
  declare readonly acceptedCount: pulumi.Output<number>;
  /** How many the service has no active record of. */
  declare readonly missingCount: pulumi.Output<number>;
  /** How the service knows each person; a secret. */
  declare readonly members: pulumi.Output<Member[]>;
  /** Ids of people who have left and are not seen retired yet, which the next update goes on with; absent if none. */
  declare readonly releasing: pulumi.Output<string[] | undefined>;
  /** Ids of people whose address or account is not confirmed to be as declared, which the next update writes again; absent if none. */
  declare readonly unconfirmed: pulumi.Output<string[] | undefined>;
  /** When the service was last asked, ISO 8601 in UTC. */
  declare readonly lastSyncedAt: pulumi.Output<string>;
  /** The ids of the people, for the `clientUserIds` of a VppAssignment; known in a preview, and not a secret. */
  readonly clientUserIds: pulumi.Output<string[]>;

  /** @internal */
  readonly entry: string;

  /**
   * @param name
   *  The resource's name in the program; another name is another resource, unless `aliases` names the old one.
   * @param args
   *  Who is to be registered, and what becomes of those who leave.
   * @param opts
   *  What Pulumi itself offers for every resource, such as `protect` and `aliases`.
   */
  constructor(name: string, args: VppUserSetArgs, opts?: pulumi.CustomResourceOptions) {
    refuseSecretName(name);
    const ledger = currentPlanWriter();
    const entry = ledger.nextEntry();
    let key: string | undefined;
    let users: string[] = [];
    let isPlain = false;
    let isPartial = true;
    const brakes: { reclaim?: boolean; maxRetirements?: number; retained?: boolean } = {
      ...(opts?.retainOnDelete === true && { retained: true }),
    };
    const declaration = {
      line: (): PlanLine | undefined => {
        if (key === undefined) return undefined;
        const mayChange = mayEngineChange(opts, this);
        return {
          t: "userSet",
          entry,
          name,
          key,
          users,
          ...brakes,
          ...(isPartial && { isPartial }),
          ...(mayChange && { mayChange }),
        };
      },
    };
    const settled = Promise.all([
      whenTextKnown(keyOf(args.token), (value) => {
        key = value;
        void ledger.declare(declaration);
      }),
      whenListKnown<VppUserArgs>(args.users, (values) => {
        users = values.map((user) => user?.clientUserId).filter((id) => typeof id === "string");
        isPartial = Array.isArray(args.users) && users.length < args.users.length;
        isPlain = Array.isArray(args.users) && users.length === args.users.length;
        void ledger.declare(declaration);
      }),
      whenKnown<unknown>(args.reclaim, (value) => {
        if (value === false) brakes.reclaim = value;
        void ledger.declare(declaration);
      }),
      whenKnown<unknown>(args.maxRetirements, (value) => {
        if (typeof value === "number") brakes.maxRetirements = value;
        void ledger.declare(declaration);
      }),
    ]);
    const outputs = {
      invitedCount: undefined,
      acceptedCount: undefined,
      missingCount: undefined,
      members: undefined,
      releasing: undefined,
      unconfirmed: undefined,
      lastSyncedAt: undefined,
    };
    const inputs = {
      ...libraryInputs(args.token, ledger.planInput(declaration, entry, name, settled), opts),
      users: args.users === undefined ? undefined : pulumi.secret(args.users),
      reclaim: args.reclaim ?? true,
      maxRetirements: args.maxRetirements,
    };
    super(
      VppUserSet.__pulumiType,
      name,
      { __provider: providerText("vppUserSet"), ...outputs, ...inputs },
      pulumi.mergeOptions(withPlanKept(opts, ["token", "users", "reclaim", "maxRetirements"]), {
        additionalSecretOutputs: ["members", "registered"],
      }),
    );
    ledger.noteWhenRecorded(this, entry);
    this.entry = entry;
    this.clientUserIds = pulumi.unsecret(this.users.apply(idsOf));
    if (isPlain) rememberPlain(this.clientUserIds, users);
  }
}

/** The ids of what should be people; the provider's check says what is wrong with others. */
function idsOf(users: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(users) ? users : [];
  return list.map((user) => (user as VppUserArgs | null | undefined)?.clientUserId as string);
}
