import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { exitCodes, UserError, unsupported } from "./errors";
import { writeAtomically } from "./project";
import type { ResourceState } from "./resource";
import type { Properties } from "./values";

/** An operation that had begun when the engine died. */
export interface PendingOperation {
  resource: ResourceState;
  type: string;
}

/** What a stack's file holds under `latest`, and what `stack export` prints as `deployment`. */
export interface Deployment {
  manifest: { time: string; magic: string; version: string };
  secrets_providers?: { type: string; state?: { salt?: string } };
  resources?: ResourceState[];
  pending_operations?: PendingOperation[];
  metadata?: Properties;
}

/** The folder of state files named by PULUMI_BACKEND_URL, laid out as the CLI's file backend does it. */
export class Backend {
  readonly url: string;
  private readonly folder: string;

  constructor() {
    const url = process.env.PULUMI_BACKEND_URL;
    if (!url) throw new UserError("set PULUMI_BACKEND_URL=file://<folder>: the local engine keeps state in files only");
    if (!url.startsWith("file://")) throw unsupported(`the backend ${url}`);
    const path = decodeURI(url.slice("file://".length).replace(/\?.*$/, "")).replace(/^~(?=\/|$)/, homedir());
    this.url = url;
    this.folder = join(resolve(path), ".pulumi");
  }

  private file(project: string, stack: string): string {
    return join(this.folder, "stacks", project, `${stack}.json`);
  }

  /** Tells whether there is such a stack. */
  has(project: string, stack: string): boolean {
    return existsSync(this.file(project, stack));
  }

  /** The state of a stack; undefined for one that has never been deployed. */
  read(project: string, stack: string): Deployment | undefined {
    if (!this.has(project, stack)) throw new UserError(`no stack named '${stack}' found`, exitCodes.stackNotFound);
    const file = JSON.parse(readFileSync(this.file(project, stack), "utf8")) as {
      checkpoint?: { latest?: Deployment };
    };
    return file.checkpoint?.latest;
  }

  /** Writes the state of a stack. `latest` is JSON, so that the parts which didn't change need not be made again. */
  write(project: string, stack: string, latest: string): void {
    // Without this file the CLI takes the folder for one of the oldest layout, in which stacks belong to no project.
    const meta = join(this.folder, "meta.yaml");
    if (!existsSync(meta)) writeAtomically(meta, "version: 1\n");
    const name = JSON.stringify(`organization/${project}/${stack}`);
    writeAtomically(this.file(project, stack), `{"version":3,"checkpoint":{"stack":${name},"latest":${latest}}}`);
  }

  /** Removes a stack and its locks. */
  remove(project: string, stack: string): void {
    rmSync(this.file(project, stack), { force: true });
    rmSync(`${this.file(project, stack)}.bak`, { force: true });
    this.unlock(project, stack);
  }

  private lockFolder(project: string, stack: string): string {
    return join(this.folder, "locks", "organization", project, stack);
  }

  /** Locks a stack, or says who has locked it. Returns what gives the lock back. */
  lock(project: string, stack: string): () => void {
    const folder = this.lockFolder(project, stack);
    const file = join(folder, `${randomUUID()}.json`);
    const content = {
      pid: process.pid,
      username: userInfo().username,
      hostname: hostname(),
      timestamp: new Date().toISOString(),
    };
    mkdirSync(folder, { recursive: true });
    writeAtomically(file, JSON.stringify(content));
    // Looking after writing, not before: of two that start together at least one sees the other.
    const others = readdirSync(folder).filter((name) => name.endsWith(".json") && join(folder, name) !== file);
    if (others.length === 0) return () => rmSync(file, { force: true });
    rmSync(file);
    const lines = others.map((name) => {
      const lock = JSON.parse(readFileSync(join(folder, name), "utf8")) as typeof content;
      return `\n  file://${join(folder, name)}: created by ${lock.username}@${lock.hostname} (pid ${lock.pid}) at ${lock.timestamp}`;
    });
    throw new UserError(
      `the stack is currently locked by ${others.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.${lines.join("")}`,
    );
  }

  /** Takes every lock off a stack. */
  unlock(project: string, stack: string): void {
    rmSync(this.lockFolder(project, stack), { recursive: true, force: true });
  }
}
