import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoLibraries } from "../../demo/quickstart";
import { startSimulator } from "../../simulator";
import { killAll, ServedProcess } from "../unit/simulator/served";
import { Gateway } from "./gateway";
import type { TrueLibrary } from "./world";

/** The service of the demo, with its data in a file, in this process or in one of its own that can be killed, behind a gateway. */
export class KillService {
  private running?: { readonly url: string; readonly end: () => Promise<void> };

  private constructor(
    private readonly folder: string,
    readonly gateway: Gateway,
  ) {}

  static async start(): Promise<KillService> {
    const service = new KillService(mkdtempSync(join(tmpdir(), "vpp-kills-")), await Gateway.start(""));
    await service.serve(false);
    return service;
  }

  /** The environment that lets the provider reach it. */
  get env(): NodeJS.ProcessEnv {
    return { VPP_ENDPOINT: this.gateway.url, VPP_CONTENT_TOKEN_FILE: this.path("token") };
  }

  /** A path in its folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Keeps all that it knows under a name. */
  save(name: string): void {
    copyFileSync(this.path("data"), this.path(`base ${name}`));
  }

  /** Knows again what it knew, and nothing else. */
  async restore(name: string, inOwnProcess: boolean): Promise<void> {
    this.gateway.at = async () => undefined;
    await this.running?.end();
    copyFileSync(this.path(`base ${name}`), this.path("data"));
    await this.serve(inOwnProcess);
    this.gateway.forget();
  }

  /** Kills its process and starts it again on the same port and data; nobody can connect in the meantime. */
  async kill(): Promise<void> {
    await this.gateway.close();
    await this.running?.end();
    await this.serve(true);
    await this.gateway.open();
  }

  /** The truth about the demo's first library. */
  async truth(): Promise<TrueLibrary> {
    const answer = await fetch(`${this.gateway.target}/_control/state`);
    return ((await answer.json()) as { libraries: TrueLibrary[] }).libraries[0]!;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.running?.end();
    await killAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async serve(inOwnProcess: boolean): Promise<void> {
    const limits = { maxRequestPerSecond: 100_000 };
    const files = { data: this.path("data"), writeToken: this.path("token") };
    if (!inOwnProcess) {
      const libraries = demoLibraries();
      const simulator = await startSimulator({ ...files, library: { libraries }, eventDelayMs: 5, limits });
      this.running = { url: simulator.url, end: () => simulator.close() };
    } else {
      writeFileSync(this.path("limits"), JSON.stringify(limits));
      const words = [
        "--limits",
        this.path("limits"),
        "--data",
        files.data,
        "--write-token",
        files.writeToken,
        "--event-delay",
        "5",
      ];
      const port = this.running?.url.split(":").at(-1) ?? "0";
      const simulator = new ServedProcess([...words, "--port", port]);
      this.running = { url: await simulator.url, end: () => simulator.kill() };
    }
    this.gateway.target = this.running.url;
  }
}

/** What must be the same however often something was killed: licences, people, counts and the mark; not dates and invitations. */
export function essence({ mdmInfo, assets, assignments, users }: TrueLibrary): object {
  const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  return {
    mdmInfo,
    assets: assets.map(({ adamId, totalCount, assignedCount, availableCount, retiredCount }) => ({
      ...{ adamId, totalCount, assignedCount, availableCount, retiredCount },
    })),
    assignments: sorted(
      assignments.map(({ adamId, pricingParam, serialNumber, clientUserId }) => ({
        ...{ adamId, pricingParam, serialNumber, clientUserId },
      })),
    ),
    users: sorted(users.map(({ clientUserId, status, email }) => ({ clientUserId, status, email }))),
  };
}
