import { createHash } from "node:crypto";
import type { Deployment, PendingOperation } from "./backend";
import { mend, providerUrn, type ResourceState } from "./resource";
import type { Crypter } from "./secrets";

/** The CLI whose state format this is. */
export const VERSION = "3.260.0";

/** Stores a state as JSON. */
export type Store = (latest: string) => void;

/**
 * The state while an operation runs: what was there before and has not been dealt with, after what has been dealt with.
 * It is written after every step, so that a crash loses nothing that was done.
 */
export class Snapshot {
  /** The resources of before; a refresh exchanges them. */
  base: ResourceState[];
  private readonly fresh: ResourceState[] = [];
  private readonly done = new Set<ResourceState>();
  private readonly operations = new Map<ResourceState, string>();
  private readonly pending: PendingOperation[];
  private readonly renamed = new Map<string, string>();
  private texts = new WeakMap<ResourceState, string>();

  constructor(
    previous: Deployment | undefined,
    private readonly crypter: Crypter,
    /** Undefined in a preview, which writes nothing. */
    private readonly store: Store | undefined,
  ) {
    this.base = (previous?.resources ?? []).map((resource) => openResource(resource, crypter));
    // Whether an interrupted create got anywhere only people can find out; the others show in a refresh.
    this.pending = (previous?.pending_operations ?? [])
      .filter((operation) => operation.type === "creating")
      .map(({ resource, type }) => ({ resource: openResource(resource, crypter), type }));
  }

  /** The operations that an earlier, killed run left behind. */
  get interrupted(): PendingOperation[] {
    return this.pending;
  }

  /** All resources, in an order in which each comes after what it needs. */
  get resources(): ResourceState[] {
    return [...this.fresh.filter((r) => !this.done.has(r)), ...this.base.filter((r) => !this.done.has(r))];
  }

  /** Notes that an operation on a resource begins. */
  begin(resource: ResourceState, type: string): void {
    this.operations.set(resource, type);
    this.save();
  }

  /** Notes how the operation ended: what is there now, and what is no more. */
  end(resource: ResourceState, now?: ResourceState, gone?: ResourceState): void {
    this.operations.delete(resource);
    this.touch(resource);
    this.settle(now, gone);
    this.save();
  }

  /** Takes a resource into the new state, in place of an old one; without writing. */
  settle(now?: ResourceState, gone?: ResourceState): void {
    if (gone) this.done.add(gone);
    if (!now) return;
    this.fresh.push(now);
    if (gone && gone.urn !== now.urn) this.renamed.set(gone.urn, now.urn);
  }

  /** Exchanges what was read; undefined stands for what has gone. */
  refreshed(read: Map<ResourceState, ResourceState | undefined>): void {
    const left = this.base.filter((r) => !this.done.has(r)).map((r) => (read.has(r) ? read.get(r) : r));
    const known = this.fresh.map((r) => r.urn);
    this.base = mend(
      left.filter((r) => r !== undefined),
      true,
      known,
    );
    this.save();
  }

  /** Notes that a resource's fields were changed in place. */
  touch(resource: ResourceState): void {
    this.texts.delete(resource);
  }

  /** Writes the state. */
  save(): void {
    this.store?.(this.serialize());
  }

  private serialize(): string {
    if (this.renamed.size > 0) this.texts = new WeakMap();
    const operations = [...[...this.operations].map(([resource, type]) => ({ resource, type })), ...this.pending];
    const fields = [
      `"manifest":${JSON.stringify({ time: new Date().toISOString(), magic: createHash("sha256").update(VERSION).digest("hex"), version: VERSION })}`,
      `"secrets_providers":${JSON.stringify({ type: "passphrase", state: { salt: this.crypter.salt } })}`,
      `"metadata":{}`,
    ];
    const resources = mend(this.resources).map((resource) => this.text(resource));
    if (resources.length > 0) fields.push(`"resources":[${resources.join(",")}]`);
    if (operations.length > 0) {
      fields.push(
        `"pending_operations":[${operations.map((o) => `{"resource":${this.text(o.resource)},"type":"${o.type}"}`).join(",")}]`,
      );
    }
    return `{${fields.join(",")}}`;
  }

  private text(resource: ResourceState): string {
    const known = this.texts.get(resource);
    if (known !== undefined) return known;
    const text = JSON.stringify(sealResource(this.rename(resource), this.crypter));
    this.texts.set(resource, text);
    return text;
  }

  /** References to a resource that an alias has renamed have to follow. */
  private rename(resource: ResourceState): ResourceState {
    if (this.renamed.size === 0) return resource;
    const now = (urn: string): string => this.renamed.get(urn) ?? urn;
    const { parent, dependencies, propertyDependencies, provider } = resource;
    return {
      ...resource,
      parent: parent && now(parent),
      provider: provider && `${now(providerUrn(provider))}${provider.slice(providerUrn(provider).length)}`,
      dependencies: dependencies?.map(now),
      propertyDependencies:
        propertyDependencies &&
        Object.fromEntries(Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.map(now)])),
    };
  }
}

/** A resource as the engine works on it. */
export function openResource(resource: ResourceState, crypter: Crypter): ResourceState {
  const opened = { ...resource };
  if (opened.inputs) opened.inputs = crypter.unseal(opened.inputs);
  if (opened.outputs) opened.outputs = crypter.unseal(opened.outputs);
  return opened;
}

/** A resource without the fields that say nothing. */
export function compact(resource: ResourceState): ResourceState {
  const empty = (value: unknown): boolean =>
    value === undefined ||
    value === "" ||
    value === false ||
    (typeof value === "object" && Object.keys(value as object).length === 0);
  return Object.fromEntries(
    Object.entries(resource).filter(([key, value]) => key === "custom" || !empty(value)),
  ) as unknown as ResourceState;
}

/** A resource as it stands in the file, secrets encrypted or, when asked for, in clear. */
export function sealResource(resource: ResourceState, crypter: Crypter, showSecrets = false): ResourceState {
  const sealed = compact(resource);
  if (sealed.inputs) sealed.inputs = crypter.seal(sealed.inputs, showSecrets);
  if (sealed.outputs) sealed.outputs = crypter.seal(sealed.outputs, showSecrets);
  return sealed;
}
