import type { Client } from "../../../../../../provider/apple/api/client";
import type { WireAssignment } from "../../../../../../provider/apple/api/wire";
import { LibraryLog } from "../../../../../../provider/apple/library/log/libraryLog";
import type { Action } from "../../../../../../provider/apple/library/log/writes";
import { AssetTable, assetKey } from "../../../../../../provider/apple/library/readings/assets";
import { AssignmentCache } from "../../../../../../provider/apple/library/readings/assignmentCache";
import { FakeClock } from "../../../support/fakeClock";

type Filter = { adamId?: string; serialNumber?: string; clientUserId?: string };

/** Licences of a library, counting what each reading costs. */
export class FakeLicences {
  readonly clock = new FakeClock();
  readonly asked: Filter[] = [];
  requests = 0;
  fail = false;
  /** The product whose reading fails. */
  failOnly?: string;
  /** The product whose reading takes longer than others. */
  slow?: string;
  readonly licences: WireAssignment[] = [];
  readonly log: LibraryLog;
  readonly cache: AssignmentCache;

  constructor(private readonly pageSize = 500) {
    const client = {
      assignments: async (filter: Filter) => {
        this.asked.push(filter);
        const turns = filter.adamId !== undefined && filter.adamId === this.slow ? 3 : 1;
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
        if (this.fail || (filter.adamId !== undefined && filter.adamId === this.failOnly)) throw new Error("failed");
        const matches = Object.entries(filter);
        const items = this.licences.filter((licence) =>
          matches.every(([key, value]) => licence[key as keyof WireAssignment] === value),
        );
        const requests = Math.max(1, Math.ceil(items.length / this.pageSize));
        this.requests += requests;
        return { items, requests, isWhole: true };
      },
      beginAssignments: async () => {
        if (this.fail) throw new Error("failed");
        this.asked.push({});
        await new Promise((resolve) => setImmediate(resolve));
        this.requests++;
        const readOn = async () => {
          await new Promise((resolve) => setImmediate(resolve));
          if (this.fail) throw new Error("failed");
          this.requests += this.pages - 1;
          return { items: [...this.licences], requests: this.pages, isWhole: true };
        };
        return { pages: this.pages, readOn };
      },
    } as unknown as Client;
    this.log = new LibraryLog(this.clock.now);
    this.cache = new AssignmentCache(client, this.log, { countsNow: async () => void this.assets() });
  }

  /** Gives apps to so many devices, or to users. */
  hold(
    adamId: string,
    targets: readonly string[],
    kind: "serialNumber" | "clientUserId" = "serialNumber",
    pricingParam = "STDQ",
  ): this {
    for (const target of targets) this.licences.push({ adamId, pricingParam, [kind]: target });
    return this;
  }

  /** The counts of the library as of now. */
  assets(): AssetTable {
    const counts = new Map<string, number>();
    for (const licence of this.licences) counts.set(assetKey(licence), (counts.get(assetKey(licence)) ?? 0) + 1);
    const items = [...counts].map(([key, assignedCount]) => {
      const [adamId = "", pricingParam = ""] = key.split("/");
      return { adamId, pricingParam, assignedCount, availableCount: 100_000, totalCount: 100_000 + assignedCount };
    });
    const table = new AssetTable(
      [...items, { adamId: "999", pricingParam: "STDQ", totalCount: 5, assignedCount: 0, availableCount: 5 }],
      this.log.now(),
    );
    this.log.keepAssets(table);
    return table;
  }

  /** A write of this run that was done in full. */
  write(action: Action, app: string, ...targets: string[]): void {
    this.log.endWrite(this.log.startWrite(action, "device", { apps: [app], targets }), "complete");
  }

  /** The pages of the whole list. */
  get pages(): number {
    return Math.max(1, Math.ceil(this.licences.length / this.pageSize));
  }
}
