import * as pulumi from "@pulumi/pulumi";
import type { PlanLine } from "../../provider/plan/planLines";
import { mayEngineChange } from "../plan/engineChanges";
import { resourcesBehind, whenKnown, whenListKnown, whenTextKnown } from "../plan/outputs";
import type { Declaration, PlanWriter } from "../plan/planWriter";
import { keyOf, type TokenReference } from "./tokenRef";
import type { VppToken } from "./vppToken";
import { VppUserSet } from "./vppUserSet";

/** A product as an input of the provider. */
export interface AppInput {
  readonly adamId: pulumi.Input<string>;
  readonly pricingParam: pulumi.Input<string>;
}

/** What the plan wants to know of a constructor's arguments. */
interface AssignmentArgs {
  readonly token: VppToken | TokenReference;
  readonly serialNumbers?: pulumi.Input<pulumi.Input<string>[]>;
  readonly clientUserIds?: pulumi.Input<pulumi.Input<string>[]>;
  readonly intent?: pulumi.Input<"required" | "uninstall">;
  readonly exclusive?: pulumi.Input<boolean>;
  readonly reclaim?: pulumi.Input<boolean>;
  readonly maxRevocations?: pulumi.Input<number>;
}

/** What the plan is told of an assignment, growing as outputs become known. */
export class AssignmentDeclaration implements Declaration {
  readonly entry: string;
  /** The resource itself, once it is constructed. */
  resource?: pulumi.Resource;
  /** Resolves when no more will become known before the resource is registered. */
  readonly settled: Promise<unknown>;
  private key?: string;
  private readonly apps: (readonly [string, string] | undefined)[];
  private serialNumbers?: readonly string[];
  private clientUserIds?: readonly string[];
  private intent: "required" | "uninstall" = "required";
  private exclusive = false;
  private sets: readonly string[] = [];
  private reclaim?: boolean;
  private maxRevocations?: number;
  private readonly retained: boolean;

  constructor(
    ledger: PlanWriter,
    private readonly name: string,
    args: AssignmentArgs,
    apps: readonly AppInput[],
    private readonly opts: pulumi.CustomResourceOptions | undefined,
  ) {
    this.entry = ledger.nextEntry();
    this.retained = opts?.retainOnDelete === true;
    // A program in plain JavaScript may give anything; the provider's check says what is wrong with it.
    const known: readonly AppInput[] = Array.isArray(apps) ? (apps as readonly AppInput[]) : [];
    this.apps = new Array<undefined>(known.length);
    if (args.serialNumbers !== undefined) this.serialNumbers = [];
    if (args.clientUserIds !== undefined) this.clientUserIds = [];
    const noted =
      <T>(note: (value: T) => void) =>
      (value: T): void => {
        note(value);
        void ledger.declare(this);
      };
    const waits: Promise<unknown>[] = [
      whenTextKnown(
        keyOf(args.token),
        noted((value: string) => {
          this.key = value;
        }),
      ),
      whenKnown(
        args.intent,
        noted((value: unknown) => {
          this.intent = value === "uninstall" ? value : "required";
        }),
      ),
      whenKnown(
        args.exclusive,
        noted((value: unknown) => {
          this.exclusive = value === true;
        }),
      ),
      whenKnown(
        args.reclaim,
        noted((value: unknown) => {
          this.reclaim = value !== false;
        }),
      ),
      whenKnown(
        args.maxRevocations,
        noted((value: unknown) => {
          if (typeof value === "number") this.maxRevocations = value;
        }),
      ),
      this.watchSets(args.clientUserIds, opts, noted),
    ];
    if (args.serialNumbers !== undefined) {
      waits.push(
        whenListKnown<string>(
          args.serialNumbers,
          noted((values: readonly string[]) => {
            this.serialNumbers = values;
          }),
        ),
      );
    }
    if (args.clientUserIds !== undefined) {
      waits.push(
        whenListKnown<string>(
          args.clientUserIds,
          noted((values: readonly string[]) => {
            this.clientUserIds = values;
          }),
        ),
      );
    }
    for (const [index, app] of known.entries()) {
      const note = noted((pair: readonly [string, string]) => {
        this.apps[index] = pair;
      });
      let adamId: string | undefined;
      let pricingParam: string | undefined;
      const noteBoth = (): void => {
        if (adamId !== undefined && pricingParam !== undefined) note([adamId, pricingParam]);
      };
      waits.push(
        whenTextKnown(app.adamId, (value) => {
          adamId = value;
          noteBoth();
        }),
        whenTextKnown(app.pricingParam, (value) => {
          pricingParam = value;
          noteBoth();
        }),
      );
    }
    this.settled = Promise.all(waits);
  }

  line(): PlanLine | undefined {
    if (this.key === undefined) return undefined;
    const { entry, name, key, intent, exclusive, sets, reclaim, maxRevocations } = this;
    const apps = this.apps.filter((app) => app !== undefined);
    const isText = (value: unknown): value is string => typeof value === "string";
    return {
      t: "assignment",
      entry,
      name,
      key,
      apps,
      ...(apps.length < this.apps.length && { moreApps: true }),
      ...(this.serialNumbers && { serialNumbers: this.serialNumbers.filter(isText) }),
      ...(this.clientUserIds && { clientUserIds: this.clientUserIds.filter(isText) }),
      intent,
      exclusive,
      sets,
      ...(mayEngineChange(this.opts, this.resource) && { mayChange: true }),
      ...(reclaim === false && { reclaim }),
      ...(maxRevocations !== undefined && { maxRevocations }),
      ...(this.retained && { retained: true }),
    };
  }

  /** The user sets that are sure to be there before this resource: those behind its ids, and those that it depends on. */
  private async watchSets(
    clientUserIds: unknown,
    opts: pulumi.CustomResourceOptions | undefined,
    noted: <T>(note: (value: T) => void) => (value: T) => void,
  ): Promise<void> {
    const behind = [...(await resourcesBehind(clientUserIds))];
    const named = opts?.dependsOn;
    if (Array.isArray(named)) behind.push(...named.filter((item) => pulumi.Resource.isInstance(item)));
    else if (pulumi.Resource.isInstance(named)) behind.push(named);
    const entries = behind.filter((resource) => resource instanceof VppUserSet).map((set) => set.entry);
    if (entries.length > 0)
      noted((sets: readonly string[]) => {
        this.sets = sets;
      })(entries);
  }
}
