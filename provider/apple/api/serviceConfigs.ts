import type { ServiceConfigAnswer } from "./wire";

/** The service's limits under its own names; absent ones fall back to what its documentation showed last. */
export interface Limits {
  readonly maxAssets: number;
  readonly maxClientUserIds: number;
  readonly maxSerialNumbers: number;
  readonly maxUsers: number;
  readonly maxMdmIdLength: number;
  readonly maxMdmNameLength: number;
  readonly maxMdmMetadataLength: number;
  readonly maxRequestPerSecond?: number;
}

/** What `service/config` tells: limits, and the addresses of helpers such as the invitation page. */
export interface ServiceConfig {
  readonly limits: Limits;
  readonly urls: Readonly<Record<string, string>>;
}

const fallbackLimits: Limits = {
  maxAssets: 25,
  maxClientUserIds: 1000,
  maxSerialNumbers: 1000,
  maxUsers: 100,
  maxMdmIdLength: 100,
  maxMdmNameLength: 100,
  maxMdmMetadataLength: 255,
};

/** The service asks to read it anew after five minutes. */
const lifeMs = 5 * 60_000;

interface Reading {
  readonly at: number;
  readonly config: Promise<ServiceConfig>;
}

/** What `service/config` says at each endpoint. It needs no token and is the same for all, so that all libraries of a process share one reading. */
export class ServiceConfigs {
  private readonly readings = new Map<string, Reading>();
  private readonly known = new Map<string, ServiceConfig>();

  /** The answer of the last five minutes, or that of a new request. */
  get(endpoint: string, now: number, read: () => Promise<ServiceConfigAnswer>): Promise<ServiceConfig> {
    const kept = this.readings.get(endpoint);
    return kept !== undefined && now - kept.at < lifeMs ? kept.config : this.readNow(endpoint, now, read);
  }

  /** The answer of a new request, for all who ask from now on. */
  readNow(endpoint: string, now: number, read: () => Promise<ServiceConfigAnswer>): Promise<ServiceConfig> {
    const config = read().then(({ limits, urls }) => {
      const told: ServiceConfig = { limits: { ...fallbackLimits, ...limits }, urls: urls ?? {} };
      this.known.set(endpoint, told);
      return told;
    });
    const reading = { at: now, config };
    this.readings.set(endpoint, reading);
    config.catch(() => {
      if (this.readings.get(endpoint) === reading) this.readings.delete(endpoint);
    });
    return config;
  }

  /** What was told last, however long ago. */
  lastOf(endpoint: string): ServiceConfig | undefined {
    return this.known.get(endpoint);
  }
}
