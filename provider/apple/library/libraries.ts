import type { Credential } from "../../contentToken/credential";
import { isVppError, type VppError } from "../../errors";
import { SharedSchedule } from "../../http/sharedSchedule";
import { type Transport, TransportFault, type TransportOptions, undiciTransport } from "../../http/transport";
import { Client } from "../api/client";
import { ServiceConfigs } from "../api/serviceConfigs";
import { Library } from "./library";
import type { LibraryRef } from "./libraryRef";
import type { LibrarySurroundings } from "./librarySurroundings";
import { StoreNames } from "./readings/storeNames";
import type { EventSettings } from "./writes/settle";

export { ServiceConfigs } from "../api/serviceConfigs";

/** What the host tells the libraries: where the service is, what opens them, and how to wait. */
export interface LibrarySettings {
  /** Base address of the service; throws if the one that is set is not allowed. */
  endpoint(): string;
  /** The proxy to go through, if there is one; throws if what is set is none. */
  proxy(): TransportOptions["proxy"];
  /** The content token of a key; throws if it is missing or can't be read. */
  credential(key: string): Credential;
  /** How to wait for accepted writes. */
  events(): EventSettings;
}

/** A plain refresh or destroy sees the configuration of the last `up`; the environment is always today's. */
const staleHint =
  "This token comes from the stack's configuration as of the last `pulumi up`; if you have set a new one since, " +
  "run `pulumi up`, `pulumi refresh --run-program` or `pulumi destroy --run-program`.";

/** What tests put in the place of the network and of waiting, and who is told how far long readings are. */
export interface Surroundings extends Omit<LibrarySurroundings, "storeNames"> {
  readonly transport?: Transport;
  /** Called when the reading of a list begins; what it gives is told how far that is. */
  readonly onReading?: () => (progress: string) => void;
  /** Resolves when `beforeWrite` begins to throw: whatever waits before a write need not wait any longer. */
  readonly whenCancelled?: Promise<void>;
  /** For a process that opens libraries in several ways: `service/config` says the same to all. */
  readonly serviceConfigs?: ServiceConfigs;
  /** Told of every request to a host when it is sent, answered, or not answered and why. */
  readonly onRequest?: (host: string, state: "sent" | "answered" | { readonly fault: string }) => void;
  readonly clock?: { readonly sleep: (ms: number) => Promise<void>; readonly now: () => number };
}

/** One try of a request, in milliseconds, to the last byte of its answer. */
const exchangeMs = 60_000;

function observed(transport: Transport, told: NonNullable<Surroundings["onRequest"]>): Transport {
  return async (request) => {
    const { host } = new URL(request.url);
    told(host, "sent");
    try {
      const answer = await transport(request);
      told(host, "answered");
      return answer;
    } catch (error) {
      told(host, { fault: error instanceof TransportFault ? error.fault : "it failed" });
      throw error;
    }
  };
}

/** The libraries that this run has opened, one for each content token. */
export class Libraries {
  private readonly byFingerprint = new Map<string, Library>();
  private readonly credentials = new Map<string, Credential>();
  private readonly idsByKey = new Map<string, string>();
  private readonly configs: ServiceConfigs;
  private readonly storeNames = new StoreNames();

  constructor(
    private readonly settings: LibrarySettings,
    private readonly surroundings: Surroundings = {},
  ) {
    this.configs = surroundings.serviceConfigs ?? new ServiceConfigs();
  }

  /** The content token of a key, read once in a run. */
  credential(key: string): Credential {
    const credential = this.credentials.get(key) ?? this.settings.credential(key);
    this.credentials.set(key, credential);
    return credential;
  }

  /** The library that a key's content token opens, whichever it is. */
  ofKey(key: string): Library {
    const credential = this.credential(key);
    const kept = this.byFingerprint.get(credential.fingerprint);
    if (kept) return kept;
    const endpoint = this.settings.endpoint();
    const proxy = this.settings.proxy();
    const {
      clock,
      onReading,
      beforeWrite,
      whenCancelled,
      nameInState,
      files,
      stackOf,
      onRequest,
      transport = undiciTransport({ timeoutMs: exchangeMs, ...(proxy && { proxy }) }),
    } = this.surroundings;
    const events = this.settings.events();
    // A test that stands in for the network or for time shares nothing with others.
    const isReal = this.surroundings.transport === undefined && clock === undefined;
    const client: Client = new Client({
      endpoint,
      token: credential.text,
      ...(credential.source === "configuration" && { deadTokenHint: staleHint }),
      transport: onRequest === undefined ? transport : observed(transport, onRequest),
      ...clock,
      onAnswer: (answer) => library.heed(answer),
      ...(onReading && { onReading }),
      ...(whenCancelled && { whenCancelled }),
      writeBudgetMs: events.timeoutMs,
      serviceConfigs: this.configs,
      ...(isReal && { sharedSchedule: new SharedSchedule([endpoint, credential.fingerprint]) }),
    });
    const around = { beforeWrite, files, storeNames: this.storeNames, nameInState, stackOf };
    const library = new Library(client, credential, { ...events, ...clock }, around);
    this.byFingerprint.set(credential.fingerprint, library);
    return library;
  }

  /** Notes which library a key opens, as its VppToken has it: then nobody needs to ask, which a dead token would not answer. */
  learn(key: string, libraryId: string): void {
    this.idsByKey.set(key, libraryId);
  }

  /** Those of the keys that open the library of `ref`, its own among them, and those whose library can't be found out, with the reason. */
  async keysOf(
    ref: LibraryRef,
    keys: Iterable<string>,
  ): Promise<{ readonly same: ReadonlySet<string>; readonly unknown: ReadonlyMap<string, VppError> }> {
    const same = new Set([ref.contentTokenKey]);
    const unknown = new Map<string, VppError>();
    for (const key of keys) {
      if (same.has(key)) continue;
      const found = this.idsByKey.get(key) ?? (await this.askLibraryId(key));
      if (isVppError(found)) unknown.set(key, found);
      else if (found === ref.libraryId) same.add(key);
    }
    return { same, unknown };
  }

  private async askLibraryId(key: string): Promise<string | VppError> {
    try {
      const library = this.ofKey(key);
      if (library.libraryId === undefined) await library.config();
      return library.libraryId!;
    } catch (error) {
      if (!isVppError(error)) throw error;
      return error;
    }
  }

  /** The library that a resource names; answers about any other are refused. */
  open(ref: LibraryRef): Library {
    return this.ofKey(ref.contentTokenKey).expect(ref.libraryId);
  }
}
