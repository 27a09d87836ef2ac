import { type AssetDescription, type AssetKey, keyText, UNLIMITED } from "./asset";
import { Asset, type AssetCounts } from "./assignment";
import type { Recording } from "./changes";
import { EventQueue, type EventSurroundings } from "./events";
import { Lag } from "./lag";
import type { LibraryIdentity, MdmInfo, NotificationSettings } from "./library-data";
import { Licences } from "./licences";
import { type ListSurroundings, versionRecorder } from "./list-surroundings";
import { Users } from "./users";
import { Versions } from "./versions";

/** What one content token opens: one organizational unit's purchases, with everything that belongs to them. */
export class Library {
  readonly identity: LibraryIdentity;
  readonly assets = new Map<string, Asset>();
  readonly assetVersions: Versions;
  /** The counts of each asset before they changed. */
  readonly assetLag: Lag<Asset, AssetCounts>;
  readonly licences: Licences;
  readonly users: Users;
  readonly events: EventQueue;
  /** Where all changes of the library are told. */
  readonly recording: Recording = { record: undefined };
  #mdmInfo: MdmInfo | undefined;
  #notifications: NotificationSettings = {};
  #assetSeq = 0;

  constructor(identity: LibraryIdentity, surroundings: EventSurroundings & ListSurroundings) {
    const { recording } = this;
    this.identity = identity;
    this.assetVersions = new Versions(surroundings.now, versionRecorder(recording, "assets"));
    this.assetLag = new Lag(() => surroundings.lagMs("assets"));
    this.licences = new Licences(surroundings, recording, (asset) => this.#countsChange(asset));
    this.users = new Users(surroundings, recording);
    this.events = new EventQueue(surroundings, recording);
  }

  /** The mark that says which service manages the library; nothing while there is none. */
  get mdmInfo(): MdmInfo | undefined {
    return this.#mdmInfo;
  }

  set mdmInfo(mdmInfo: MdmInfo | undefined) {
    this.#mdmInfo = mdmInfo;
    this.recording.record?.(["mark", mdmInfo ?? null]);
  }

  /** Where notifications of the library go. */
  get notifications(): NotificationSettings {
    return this.#notifications;
  }

  set notifications(notifications: NotificationSettings) {
    this.#notifications = notifications;
    this.recording.record?.(["notifications", notifications]);
  }

  /** The asset with a key, if the library owns it. */
  asset(key: AssetKey): Asset | undefined {
    return this.assets.get(keyText(key));
  }

  /** The assets with an `adamId`: none, or one per pricing. */
  assetsOf(adamId: string): Asset[] {
    const found = [this.asset({ adamId, pricingParam: "STDQ" }), this.asset({ adamId, pricingParam: "PLUS" })];
    return found.filter((asset) => asset !== undefined);
  }

  /** Adds an asset the library does not own yet. */
  addAsset(description: AssetDescription, owned: number): Asset {
    this.#assetSeq += 1;
    const asset = new Asset(this.#assetSeq, description, owned);
    this.assets.set(asset.key, asset);
    this.assetVersions.bump();
    this.recording.record?.(["asset", description, owned]);
    return asset;
  }

  /** Changes how many licences the library owns. The caller has checked that those in use stay covered. */
  changeOwned(asset: Asset, delta: number): void {
    if (!asset.unlimited) {
      this.#countsChange(asset);
      asset.owned = Math.min(asset.owned + delta, UNLIMITED);
      this.recording.record?.(["owned", asset.key, delta]);
    }
  }

  /** Takes an asset out of the library together with all its licences. */
  removeAsset(asset: Asset): void {
    for (const assignment of [...asset.assignments]) {
      this.licences.takeBack(assignment);
    }
    this.assets.delete(asset.key);
    this.assetVersions.bump();
    this.recording.record?.(["removed", asset.key]);
  }

  /** Gives every list a version id, from which on it can lag. */
  beginLag(): void {
    for (const versions of [this.assetVersions, this.licences.versions, this.users.versions]) {
      versions.currentId();
    }
  }

  #countsChange(asset: Asset): void {
    const revision = this.assetVersions.bump();
    this.assetLag.note(asset, revision, () => {
      const { owned, assignedCount, retiredCount } = asset;
      return { owned, assignedCount, retiredCount };
    });
  }
}
