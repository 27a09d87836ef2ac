import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { UserError, unsupported } from "./errors";
import type { ResourceState } from "./resource";

/** What a stack's file holds under `latest`, and what `stack export` prints as `deployment`. */
export interface Deployment {
  secrets_providers?: { type: string; state?: { salt?: string } };
  resources?: ResourceState[];
  /** Operations that had begun when an engine died. */
  pending_operations?: { resource: ResourceState; type: string }[];
}

/** Writes a file so that a reader sees the old text or the new one, never half of it. */
export function writeAtomically(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}.tmp`, text);
  renameSync(`${file}.${process.pid}.tmp`, file);
}

/** The folder of state files named by PULUMI_BACKEND_URL, laid out as the CLI's file backend does it. */
export class Backend {
  readonly url = process.env.PULUMI_BACKEND_URL ?? "";
  private readonly folder: string;

  constructor(private readonly project: string) {
    if (!this.url.startsWith("file://"))
      throw unsupported(`the backend "${this.url}" (set PULUMI_BACKEND_URL=file://<folder>)`);
    const path = decodeURI(this.url.slice("file://".length).replace(/\?.*$/, "")).replace(/^~(?=\/|$)/, homedir());
    this.folder = join(resolve(path), ".pulumi");
  }

  private file(stack: string): string {
    return join(this.folder, "stacks", this.project, `${stack}.json`);
  }

  private locks(stack: string): string {
    return join(this.folder, "locks", "organization", this.project, stack);
  }

  has(stack: string): boolean {
    return existsSync(this.file(stack));
  }

  /** The state of a stack; empty for one that has never been deployed. */
  read(stack: string): Deployment {
    if (!this.has(stack)) throw Object.assign(new UserError(`no stack named '${stack}' found`), { exitCode: 6 });
    const file = JSON.parse(readFileSync(this.file(stack), "utf8")) as { checkpoint?: { latest?: Deployment } };
    return file.checkpoint?.latest ?? {};
  }

  /** Writes the state of a stack. `latest` is JSON, so that the parts which didn't change need not be made again. */
  write(stack: string, latest: string): void {
    // Without this file the CLI takes the folder for one of the oldest layout, in which stacks belong to no project.
    const meta = join(this.folder, "meta.yaml");
    if (!existsSync(meta)) writeAtomically(meta, "version: 1\n");
    const name = JSON.stringify(`organization/${this.project}/${stack}`);
    writeAtomically(this.file(stack), `{"version":3,"checkpoint":{"stack":${name},"latest":${latest}}}`);
  }

  remove(stack: string): void {
    for (const file of [this.file(stack), `${this.file(stack)}.bak`]) rmSync(file, { force: true });
    this.unlock(stack);
  }

  /** Locks a stack, or says who has locked it. Returns what gives the lock back. */
  lock(stack: string): () => void {
    const name = join(this.locks(stack), `${randomUUID()}.json`);
    const owner = { pid: process.pid, username: userInfo().username, hostname: hostname() };
    writeAtomically(name, JSON.stringify({ ...owner, timestamp: new Date().toISOString() }));
    const release = (): void => rmSync(name, { force: true });
    // Looking after writing, not before: of two that start together at least one sees the other.
    const files = readdirSync(this.locks(stack)).map((file) => join(this.locks(stack), file));
    const others = files.filter((file) => file.endsWith(".json") && file !== name);
    if (others.length === 0) return release;
    release();
    const list = others.map((file) => `\n  ${file}: ${readFileSync(file, "utf8")}`).join("");
    throw new UserError(
      `the stack is currently locked by ${others.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.${list}`,
    );
  }

  unlock(stack: string): void {
    rmSync(this.locks(stack), { recursive: true, force: true });
  }
}
