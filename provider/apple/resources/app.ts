import {
  type CheckContext,
  type Context,
  type Difference,
  defined,
  InputFaults,
  type ReadResult,
  type ResourceKind,
  sameValue,
} from "../../engine/kind";
import { hasUnknown } from "../../engine/unknown";
import { VppError } from "../../errors";
import { shownName } from "../../oddCharacters";
import { normalizeAdamId } from "../../plan/adamId";
import { faultsOf } from "../../schema/validate";
import type { AssetRef, Library } from "../library/library";
import { type Asset, assetKey, assetOfKey } from "../library/readings/assets";
import { contradiction } from "../library/readings/readSanityCheck";
import { plural, readUnlessDead } from "./lists";
import { refuseOtherLibrary, type TokenRef } from "./tokenRef";

/** What the program says of a VppApp. */
export interface AppInputs {
  readonly token: TokenRef;
  readonly adamId: string;
  readonly pricingParam: string;
  readonly minimumAvailable?: number;
}

/** What the state holds of a VppApp. Counts are licences as of `lastSyncedAt`; 2147483647 in all stands for unlimited. */
export interface AppState extends AppInputs {
  readonly displayName?: string;
  readonly bundleId?: string;
  readonly productType: string;
  readonly deviceAssignable: boolean;
  readonly revocable: boolean;
  readonly supportedPlatforms: readonly string[];
  readonly totalCount: number;
  readonly assignedCount: number;
  readonly availableCount: number;
  readonly retiredCount: number;
  readonly lastSyncedAt: string;
}

const inputKeys = ["token", "adamId", "pricingParam", "minimumAvailable"] as const;

/** A product of a library. Nothing is written for it: it tells what is owned and how much of it is free. */
export const vppAppKind: ResourceKind<AppInputs, AppState> = {
  kind: "VppApp",

  async check(context: CheckContext, olds: Partial<AppInputs>, given: AppInputs): Promise<AppInputs> {
    const news = {
      ...given,
      pricingParam: given.pricingParam ?? "STDQ",
      ...(typeof given.adamId === "string" && { adamId: normalizeAdamId(given.adamId) }),
    };
    const faults = faultsOf("VppApp", news);
    if (faults.length > 0) throw new InputFaults(faults);
    refuseOtherLibrary(olds.token, news.token);
    if (!hasUnknown(news.token)) context.plan?.learn(news.token.contentTokenKey, news.token.libraryId);
    const isNew = !sameValue(
      [olds.token?.libraryId, olds.adamId, olds.pricingParam],
      [news.token.libraryId, news.adamId, news.pricingParam],
    );
    if (isNew && !hasUnknown(news)) {
      const library = context.libraries.open(news.token);
      await requireOwned(library, news);
      const declared = context.plan?.appsOf(news.token.contentTokenKey) ?? [];
      await library.names.lookUp([news.adamId, ...declared.map((app) => assetOfKey(app).adamId)]);
    }
    return news;
  },

  diff(context: Context, state: AppState, inputs: AppInputs): Difference {
    learnName(context, state);
    const replaces: string[] = [];
    if (!hasUnknown(inputs.token) && inputs.token.libraryId !== state.token.libraryId) replaces.push("token");
    if (inputs.adamId !== state.adamId) replaces.push("adamId");
    if (inputs.pricingParam !== state.pricingParam) replaces.push("pricingParam");
    if (replaces.length === 0) warnBelowMinimum(context, inputs, state.availableCount);
    return { changes: replaces.length > 0 || inputKeys.some((key) => !sameValue(state[key], inputs[key])), replaces };
  },

  async create(context: Context, inputs: AppInputs) {
    const library = context.libraries.open(inputs.token);
    const asset = await requireOwned(library, inputs);
    const name = (await library.names.lookUp([inputs.adamId])).get(inputs.adamId);
    warnBelowMinimum(context, inputs, asset.availableCount);
    const state = stateOf(inputs, asset, (await library.assets()).at, name);
    return { id: `${inputs.token.libraryId}/app/${inputs.adamId}-${inputs.pricingParam}`, state };
  },

  async update(context: Context, _id: string, before: AppState, inputs: AppInputs): Promise<AppState> {
    learnName(context, before);
    const library = context.libraries.open(inputs.token);
    const asset = await ownedAsset(library, inputs);
    if (asset !== undefined) return stateOf(inputs, asset, (await library.assets()).at, before);
    // What it says of an app that is there no more can still be changed; the next refresh drops it.
    context.note("gone", "the library no longer owns this app; its counts are those of the last time.");
    return defined<AppState>({ ...before, ...inputs, minimumAvailable: inputs.minimumAvailable });
  },

  read(context: Context, id: string, state: AppState): Promise<ReadResult<AppInputs, AppState>> {
    learnName(context, state);
    return readUnlessDead(context, id, state, async () => {
      const library = context.libraries.open(state.token);
      const first = await library.assets();
      const assets = first.get(assetKey(state)) === undefined ? await library.assetsAgain() : first;
      const asset = assets.get(assetKey(state));
      if (asset !== undefined) return { id, state: stateOf(state, asset, assets.at, state) };
      await refuseVanishedApp(library, state);
      context.note("gone", "the library no longer owns this app, so it leaves the stack's state.");
      return {};
    });
  },

  async remove(): Promise<void> {},
};

/** Assignments name their apps to people: what the state has need not be looked up for them. */
function learnName({ run }: Pick<Context, "run">, state: AppState): void {
  run.learnName(state.token.libraryId, state.adamId, state);
}

/** An app whose licences are still listed is not gone, whatever the list of apps says. */
async function refuseVanishedApp(library: Library, state: AppState): Promise<void> {
  const listed = await library.countOfApp(assetKey(state));
  if (listed === 0) return;
  const what = `it no longer lists app ${state.adamId}, but still lists ${plural(listed, "licence")} of it`;
  throw contradiction(what, "the app");
}

/** The app as the library has it; read once more where the first reading lacks it. */
async function ownedAsset(library: Library, app: AssetRef): Promise<Asset | undefined> {
  const key = assetKey(app);
  return (await library.assets()).get(key) ?? (await library.assetsAgain()).get(key);
}

async function requireOwned(library: Library, { adamId, pricingParam }: AppInputs): Promise<Asset> {
  const asset = await ownedAsset(library, { adamId, pricingParam });
  if (asset !== undefined) return asset;
  const assets = await library.assets();
  const others = assets.withAdamId(adamId).map((other) => other.pricingParam);
  throw notOwned(adamId, pricingParam, others);
}

/** The error for an app that the library does not have. */
export function notOwned(adamId: string, pricingParam: string, otherKinds: readonly string[]): VppError {
  const why = `app ${adamId} (${pricingParam}) is not in the library`;
  return new VppError("VPP_INPUT_NOT_OWNED", why, {
    remedy:
      otherKinds.length > 0
        ? `The library has it as ${otherKinds.join(", ")}: set pricingParam.`
        : "Buy it for this organizational unit (free apps too have to be “bought”), or correct the adamId.",
  });
}

function warnBelowMinimum(context: Context, { minimumAvailable }: AppInputs, availableCount: number): void {
  if (minimumAvailable === undefined || availableCount >= minimumAvailable) return;
  context.note(
    "minimum",
    `${availableCount} licences are free, fewer than minimumAvailable ${minimumAvailable}: buy more in time.`,
  );
}

/** What the state holds of a product that was read at this time, in milliseconds since 1970. */
export function stateOf(
  inputs: AppInputs,
  asset: Asset,
  at: number,
  name: Pick<AppState, "displayName" | "bundleId"> | undefined,
): AppState {
  return defined<AppState>({
    token: inputs.token,
    adamId: inputs.adamId,
    pricingParam: inputs.pricingParam,
    minimumAvailable: inputs.minimumAvailable,
    displayName: name?.displayName && shownName(name.displayName),
    bundleId: name?.bundleId && shownName(name.bundleId),
    productType: shownName(asset.productType),
    deviceAssignable: asset.deviceAssignable,
    revocable: asset.revocable,
    supportedPlatforms: asset.supportedPlatforms,
    totalCount: asset.totalCount,
    assignedCount: asset.assignedCount,
    availableCount: asset.availableCount,
    retiredCount: asset.retiredCount,
    lastSyncedAt: new Date(at).toISOString(),
  });
}
