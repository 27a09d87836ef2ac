import { setTimeout as delay } from "node:timers/promises";
import { redact } from "../../../redact";
import type { Client, ServiceConfig } from "../../api/client";
import type { ClientConfigAnswer } from "../../api/wire";
import { type ProductName, type StoreAnswer, StoreNames } from "./storeNames";

export type { ProductName } from "./storeNames";

/** So many products go into one request. */
export const idsAtOnce = 50;
const longestName = 1000;
const iconWidth = 128;
/** Names are a nicety, so nobody waits long for them. */
const patienceMs = 5_000;

/**
 * Looks up what products are called. A nicety: whatever fails, the product simply has no name here. The look-up bears no credential, and
 * goes only to the service's own address or to its maker's store.
 */
export class ProductNames {
  private readonly names = new Map<string, Promise<StoreAnswer>>();
  private readonly unanswered = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly config: () => Promise<ClientConfigAnswer>,
    private readonly store = new StoreNames(),
    /** A name that the stack's state has. */
    private readonly inState: (adamId: string) => ProductName | undefined = () => undefined,
  ) {}

  /** Names by adamId. Ids that were asked for before in this run, or whose names the state has, cost nothing. */
  async lookUp(adamIds: Iterable<string>): Promise<Map<string, ProductName>> {
    const ids = [...new Set(adamIds)];
    const unknown = ids.filter((id) => !this.isKnown(id));
    for (let at = 0; at < unknown.length; at += idsAtOnce) {
      const part = unknown.slice(at, at + idsAtOnce);
      const looked = this.ask(part)
        .catch((): StoreAnswer => new Map())
        .then((told) => {
          for (const id of part) if (!told.has(id)) this.unanswered.add(id);
          return told;
        });
      for (const id of part) this.names.set(id, looked);
    }
    const found = new Map<string, ProductName>();
    for (const id of ids) {
      const name = (await this.names.get(id))?.get(id);
      if (name) found.set(id, name);
    }
    return found;
  }

  /** Whether a product needs no look-up any more. */
  isKnown(adamId: string): boolean {
    if (this.names.has(adamId)) return true;
    const name = this.inState(adamId);
    if (name === undefined) return false;
    this.names.set(adamId, Promise.resolve(new Map([[adamId, name]])));
    return true;
  }

  /** Whether the store gave no answer about a product that was looked up; one that it does not sell any more has an answer and no name. */
  isUnanswered(adamId: string): boolean {
    return this.unanswered.has(adamId);
  }

  /** The name of one product if it is known, else its id. */
  async nameOf(adamId: string): Promise<string> {
    this.isKnown(adamId);
    const displayName = (await this.names.get(adamId))?.get(adamId)?.displayName;
    return displayName ? redact(displayName) : `app ${adamId}`;
  }

  private async ask(ids: readonly string[]): Promise<StoreAnswer> {
    const [{ urls }, { countryISO2ACode, defaultPlatform }] = await Promise.all([
      this.client.serviceConfig(),
      this.config(),
    ]);
    const address = lookupAddress(urls, this.client.endpoint);
    if (address === undefined) return new Map();
    for (const [name, value] of Object.entries({ version: "2", p: "mdm-lockup", caller: "MDM" }))
      address.searchParams.set(name, value);
    if (defaultPlatform) address.searchParams.set("platform", defaultPlatform);
    if (countryISO2ACode) address.searchParams.set("cc", countryISO2ACode.toLowerCase());
    return this.store.lookUp(address.href, ids, (lacking) => this.askStore(new URL(address), lacking));
  }

  private async askStore(address: URL, ids: readonly string[]): Promise<StoreAnswer> {
    address.searchParams.set("id", ids.join(","));
    const looked = this.client.lookUpMetadata(address.href);
    const answer = (await Promise.race([looked, delay(patienceMs, undefined, { ref: false })])) as
      | { results?: Record<string, unknown> }
      | undefined;
    if (answer === undefined) return new Map();
    const told = new Map<string, ProductName | undefined>(ids.map((id) => [id, undefined]));
    for (const [id, item] of Object.entries(answer.results ?? {})) told.set(id, nameIn(item));
    return told;
  }
}

function nameIn(item: unknown): ProductName {
  const { name, bundleId, artwork } = (item ?? {}) as { name?: unknown; bundleId?: unknown; artwork?: unknown };
  const iconUrl = iconOf(artwork);
  return {
    ...(typeof name === "string" && { displayName: tidy(name) }),
    ...(typeof bundleId === "string" && { bundleId: tidy(bundleId) }),
    ...(iconUrl !== undefined && { iconUrl }),
  };
}

/** The store's texts are shown to people and kept in the state; one without end is cut. */
function tidy(text: string): string {
  return text.slice(0, longestName).toWellFormed();
}

/** The store tells of a picture in two ways: as a list of sizes, or as one address in which the size is left open. */
function iconOf(artwork: unknown): string | undefined {
  const pictures = (Array.isArray(artwork) ? artwork : [artwork]) as ({ url?: unknown; width?: unknown } | undefined)[];
  const usable = pictures.filter((each) => typeof each?.url === "string" && /^https:/.test(each.url));
  const distance = (width: unknown): number => Math.abs((typeof width === "number" ? width : 0) - iconWidth);
  const [nearest] = usable.sort((a, b) => distance(a!.width) - distance(b!.width));
  const size = String(iconWidth);
  const url = nearest?.url as string | undefined;
  return url && tidy(url.replace("{w}", size).replace("{h}", size).replace("{c}", "bb").replace("{f}", "png"));
}

function lookupAddress(urls: ServiceConfig["urls"], endpoint: string): URL | undefined {
  const text = urls.contentMetadataLookup;
  if (!text || !URL.canParse(text)) return undefined;
  const address = new URL(text);
  const isStore = address.protocol === "https:" && address.hostname.endsWith(".itunes.apple.com");
  return isStore || address.origin === new URL(endpoint).origin ? address : undefined;
}
