import { createHash } from "node:crypto";
import type { Deployment } from "./backend";
import { compact, needs, type ResourceState, STACK_TYPE, VERSION } from "./resource";
import { type Crypter, seal, unseal } from "./secrets";

/**
 * The state while an operation runs: what has been dealt with, and what was there before and has not. It is written
 * after every step, so that a crash loses nothing that was done.
 */
export class Snapshot {
  /** The resources of before; a refresh exchanges them. */
  base: ResourceState[];
  private readonly fresh: ResourceState[] = [];
  private readonly done = new Set<ResourceState>();
  private readonly operations = new Map<ResourceState, string>();
  private readonly texts = new WeakMap<ResourceState, string>();
  /** The creates that a killed run left behind. Whether they got anywhere only people can find out. */
  readonly interrupted: ResourceState[];
  private readonly crypter: Crypter;

  /** @param store writes the state, given as JSON; a preview has none. */
  constructor(
    previous: Deployment,
    crypter: Crypter,
    readonly store?: (latest: string) => void,
  ) {
    this.crypter = crypter;
    this.base = (previous.resources ?? []).map((resource) => unseal(resource, crypter));
    const creating = (previous.pending_operations ?? []).filter(({ type }) => type === "creating");
    this.interrupted = creating.map(({ resource }) => unseal(resource, crypter));
    for (const resource of this.interrupted) this.operations.set(resource, "creating");
  }

  /** All resources, each after what it needs. */
  private get resources(): ResourceState[] {
    const all = [...this.fresh, ...this.base].filter((resource) => !this.done.has(resource));
    const current = new Map(all.filter((r) => !r.delete).map((r) => [r.urn, r]));
    const placed = new Set<ResourceState>();
    const place = (resource: ResourceState): void => {
      if (placed.has(resource)) return;
      if (!needs(resource).every((urn) => current.has(urn))) this.mend(resource, current);
      for (const urn of needs(resource)) if (urn !== resource.urn) place(current.get(urn)!);
      placed.add(resource);
    };
    all.forEach(place);
    return [...placed];
  }

  /** Drops references to what is not there, and empty lists; where the parent is gone, the stack takes its place. */
  private mend(resource: ResourceState, current: Map<string, ResourceState>): void {
    const { parent = "", dependencies = [], propertyDependencies = {} } = resource;
    const stack = (): string | undefined => [...current.values()].find(({ type }) => type === STACK_TYPE)?.urn;
    const there = (urns: string[]): string[] => urns.filter((urn) => current.has(urn));
    const lists = Object.entries(propertyDependencies).map(([key, urns]) => [key, there(urns)] as const);
    resource.parent = !parent || current.has(parent) ? parent : stack();
    resource.dependencies = there(dependencies);
    resource.propertyDependencies = Object.fromEntries(lists.filter(([, urns]) => urns.length > 0));
    if (!needs(resource).every((urn) => current.has(urn))) delete resource.provider;
    this.touch(resource);
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

  /** Takes a resource into the new state, in place of an old one, to which references then follow; without writing. */
  settle(now?: ResourceState, gone?: ResourceState): void {
    if (gone) this.done.add(gone);
    if (now) this.fresh.push(now);
    if (!now || !gone || now.urn === gone.urn) return;
    for (const resource of this.base.filter((r) => needs(r).includes(gone.urn))) {
      const { parent, dependencies, propertyDependencies } = resource;
      const text = JSON.stringify({ parent, dependencies, propertyDependencies });
      Object.assign(resource, JSON.parse(text.replaceAll(JSON.stringify(gone.urn), JSON.stringify(now.urn))));
      this.touch(resource);
    }
  }

  /** Exchanges what was read; undefined stands for what has gone. */
  refreshed(read: Map<ResourceState, ResourceState | undefined>): void {
    this.base = this.base.map((r) => (read.has(r) ? read.get(r) : r)).filter((r) => r !== undefined);
    const current = new Map([...this.fresh, ...this.base].map((r) => [r.urn, r]));
    for (const resource of this.base) this.mend(resource, current);
    this.save();
  }

  /** Notes that a resource's fields were changed in place. */
  touch(resource: ResourceState): void {
    this.texts.delete(resource);
  }

  /** Writes the state; what has not changed is not made into text again. */
  save(): void {
    if (!this.store) return;
    const text = (resource: ResourceState): string => {
      const made = this.texts.get(resource) ?? JSON.stringify(compact(seal(resource, this.crypter)));
      this.texts.set(resource, made);
      return made;
    };
    const magic = createHash("sha256").update(VERSION).digest("hex");
    const manifest = JSON.stringify({ time: new Date().toISOString(), magic, version: VERSION });
    const secrets = JSON.stringify({ type: "passphrase", state: { salt: this.crypter.salt } });
    const resources = this.resources.map(text).join(",");
    const pending = [...this.operations].map(([r, type]) => `{"resource":${text(r)},"type":"${type}"}`).join(",");
    const lists = `"resources":[${resources}]${pending && `,"pending_operations":[${pending}]`}`;
    this.store(`{"manifest":${manifest},"secrets_providers":${secrets},"metadata":{},${lists}}`);
  }
}
