import type { Client } from "../../api/client";
import type { Begun } from "../../api/pages";
import type { WireAssignment } from "../../api/wire";
import { SharedAnswer } from "./sharedAnswer";

const assumedPageSize = 500;

/** The whole list of licences of which the first page has been read. */
export interface BegunList {
  readonly list: Begun<WireAssignment>;
  readonly begunAt: number;
}

/**
 * How many requests it takes to read licences. How many a page holds is not documented. One page of an app shows it only if there is a second,
 * and while it is not known, whoever goes from app to app may pay more than twice what the whole list costs: the first page of that tells.
 */
export class LicencePages {
  /** How many licences a page holds, as far as seen. */
  pageSize = assumedPageSize;
  private isKnown = false;
  private begun?: BegunList;
  private readonly beginning = new SharedAnswer(async () => {
    const begunAt = this.now();
    this.begun = { list: await this.client.beginAssignments(), begunAt };
    this.isKnown = true;
  });

  constructor(
    private readonly client: Client,
    private readonly now: () => number,
  ) {}

  /** Requests for so many licences. */
  for(licences: number): number {
    return Math.ceil(licences / this.pageSize);
  }

  /** Requests for the whole list. */
  ofAll(licences: number): number {
    return this.begun?.list.pages ?? Math.max(1, this.for(licences));
  }

  /** Whether the next choice may be wrong for want of the page size. */
  get isUnknown(): boolean {
    return !this.isKnown;
  }

  /** Learns from a reading. */
  learn(licences: number, requests: number): void {
    if (requests <= 1) return;
    this.isKnown = true;
    this.pageSize = Math.max(1, Math.ceil(licences / requests));
  }

  /** Reads the first page of the whole list, one for all who want to know. */
  async begin(): Promise<void> {
    await this.beginning.get();
  }

  /** The list that was begun, for whoever reads on; there is none afterwards. */
  takeBegun(): BegunList | undefined {
    const { begun } = this;
    this.begun = undefined;
    return begun;
  }
}
