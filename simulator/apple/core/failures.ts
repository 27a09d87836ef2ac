import type { AssetKey } from "./asset";
import type { ErrorInfo, Failure } from "./error-info";
import { errorMessage } from "./errors";

interface Group {
  readonly errorNumber: number;
  readonly assets: Map<string, AssetKey>;
  readonly clientUserIds: Set<string>;
  readonly serialNumbers: Set<string>;
}

/** Collects what went wrong in an event. Apple's examples show one entry per error, naming each entity once. */
export class Failures {
  readonly #groups = new Map<string, Group>();

  /** Notes that tasks failed for an entity. Entries with different `part` are kept apart. */
  add(
    errorNumber: number,
    concerned: { asset?: AssetKey; clientUserId?: string; serialNumber?: string },
    part = "",
  ): void {
    const key = `${errorNumber} ${part}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { errorNumber, assets: new Map(), clientUserIds: new Set(), serialNumbers: new Set() };
      this.#groups.set(key, group);
    }
    if (concerned.asset !== undefined) {
      const { adamId, pricingParam } = concerned.asset;
      group.assets.set(`${adamId}/${pricingParam}`, { adamId, pricingParam });
    }
    if (concerned.clientUserId !== undefined) {
      group.clientUserIds.add(concerned.clientUserId);
    }
    if (concerned.serialNumber !== undefined) {
      group.serialNumbers.add(concerned.serialNumber);
    }
  }

  /** The entries, in the order in which the errors first occurred. */
  list(): Failure[] {
    return [...this.#groups.values()].map((group) => {
      const errorInfo: ErrorInfo = {
        ...(group.assets.size > 0 && { assets: [...group.assets.values()] }),
        ...(group.clientUserIds.size > 0 && { clientUserIds: [...group.clientUserIds] }),
        ...(group.serialNumbers.size > 0 && { serialNumbers: [...group.serialNumbers] }),
      };
      return {
        errorNumber: group.errorNumber,
        errorMessage: errorMessage(group.errorNumber),
        ...(Object.keys(errorInfo).length > 0 && { errorInfo }),
      };
    });
  }
}
