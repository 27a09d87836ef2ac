import type { Client } from "../../api/client";
import type { LibraryLog } from "../log/libraryLog";
import { AssetTable } from "./assets";
import { SharedAnswer } from "./sharedAnswer";

/** The products of a library and their counts, kept in the log and shared by all who ask. */
export class AssetReadings {
  private read?: Promise<AssetTable>;
  private readonly unlisted = new Set<string>();
  private readonly readAgain = new SharedAnswer(() => this.all(0));

  constructor(
    private readonly client: Client,
    private readonly log: LibraryLog,
    private readonly now: () => number,
  ) {}

  /** All of them: as first read in this run, unless a fresher reading is asked for, in milliseconds. */
  async all(maxAgeMs: number): Promise<AssetTable> {
    const pending = this.read;
    if (pending !== undefined && maxAgeMs > 0) {
      const kept = await pending.catch(() => undefined);
      if (kept && this.now() - kept.at <= maxAgeMs) return this.log.assets ?? kept;
      // Somebody who waited for the same reading has begun a newer one by now.
      if (this.read !== pending) return this.all(maxAgeMs);
    }
    const began = this.log.now();
    const read = this.client.assets().then(({ items }) => {
      const table = new AssetTable(items, this.log.now(), began);
      this.log.keepAssets(table);
      return table;
    });
    this.read = read;
    read.catch(() => {
      if (this.read === read) this.read = pending;
    });
    return read;
  }

  /** All of them once more, since the first reading lacked some; one reading for all who doubt it. */
  again(): Promise<AssetTable> {
    return this.readAgain.get();
  }

  /** The counts of one product, or of all, read anew. */
  async countsNow(adamId: string | undefined): Promise<void> {
    if (adamId === undefined) {
      await this.all(0);
      return;
    }
    const began = this.log.now();
    const { items } = await this.client.assets({ adamId });
    const table = new AssetTable(items, this.log.now(), began);
    for (const asset of table.all()) this.log.keepAsset(asset.key, asset, began);
    this.unlisted.delete(adamId);
    if (table.all().length === 0) this.unlisted.add(adamId);
  }

  /** Whether the library did not list a product when it was last asked about it alone. */
  isUnlisted(adamId: string): boolean {
    return this.unlisted.has(adamId);
  }
}
