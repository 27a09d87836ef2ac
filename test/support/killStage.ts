import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoLibraries } from "../../demo/quickstart";
import { readDevices, readPeople } from "../../examples/quickstart/lists";
import { startSimulator } from "../../simulator";
import { killAll, ServedProcess } from "../unit/simulator/served";
import { Gateway, type Moment, moments } from "./gateway";
import type { Data, Kind } from "./hostProcess";
import { HostStack, type Kept } from "./hostStack";
import { root } from "./paths";
import type { TrueLibrary } from "./world";

/** What is done to a stack while something is killed. */
export const operations = ["first up", "edit", "destroy"] as const;
export type Operation = (typeof operations)[number];

/** A program as `HostStack` takes it. */
export type Program = Readonly<Record<string, readonly [Kind, Data]>>;

/** One place at which something is killed. */
export interface Boundary {
  readonly number: number;
  readonly moment: Moment;
}

/** What an operation does when nobody disturbs it: how many requests it makes, and what then is. */
export interface Undisturbed {
  readonly requests: number;
  readonly truth: object;
  readonly state: ReadonlyMap<string, Kept>;
}

const example = (file: string): string => join(root, "examples/quickstart", file);
const apps = (...adamIds: string[]): Data => ({ apps: adamIds.map((adamId) => ({ adamId, pricingParam: "STDQ" })) });

/** The quickstart's program, and the same after an edit: five devices and two people fewer, three devices and a person more. */
export function quickstartProgram(isEdited: boolean): Program {
  const listed = readDevices(example("devices.csv"));
  const known = readPeople(example("people.csv"));
  const more = ["F9FW000001", "F9FW000002", "F9FW000003"].map((serialNumber) => ({ serialNumber, isMac: true }));
  const devices = isEdited ? [...listed.slice(5), ...more] : listed;
  const users = isEdited ? [...known.slice(2), { clientUserId: "newcomer" }] : known;
  const serialNumbers = devices.map(({ serialNumber }) => serialNumber);
  const macs = devices.filter(({ isMac }) => isMac).map(({ serialNumber }) => serialNumber);
  const people = { clientUserIds: users.map(({ clientUserId }) => clientUserId), sets: ["staff"] };
  const app = (adamId: string) => ["VppApp", { adamId, minimumAvailable: 3 }] as const;
  return {
    hq: ["VppToken", {}],
    ...Object.fromEntries(
      ["361285480", "1510284466", "1187652093", "1098431260", "1450081122"].map((id) => [`app-${id}`, app(id)]),
    ),
    staff: ["VppUserSet", { users }],
    "every-device": ["VppAssignment", { ...apps("361285480", "1510284466"), serialNumbers }],
    "every-mac": ["VppAssignment", { ...apps("1187652093"), serialNumbers: macs }],
    "staff-apps": ["VppAssignment", { ...apps("1098431260"), ...people }],
    "staff-books": ["VppAssignment", { ...apps("1450081122"), ...people }],
  };
}

/** All boundaries of an operation with so many requests, or so many of them, evenly spread. */
export function boundaries(requests: number, sample: number | "all"): Boundary[] {
  const all = Array.from({ length: requests }, (_, index) =>
    moments.map((moment) => ({ number: index + 1, moment })),
  ).flat();
  if (sample === "all" || sample >= all.length) return all;
  return Array.from({ length: sample }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / sample)]!);
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

/** A service that keeps its data in a file, in this process or in one of its own that can be killed, behind a gateway. */
export class KillStage {
  readonly stack: HostStack;
  private readonly bases = new Map<Operation, ReadonlyMap<string, Kept>>();
  private running?: { readonly url: string; readonly end: () => Promise<void> };

  private constructor(
    private readonly folder: string,
    readonly gateway: Gateway,
  ) {
    const env = { VPP_ENDPOINT: gateway.url, VPP_CONTENT_TOKEN_FILE: this.path("token") };
    this.stack = new HostStack({ env });
  }

  static async start(): Promise<KillStage> {
    return new KillStage(mkdtempSync(join(tmpdir(), "vpp-kills-")), await Gateway.start(""));
  }

  /** Makes the operations undisturbed, one after the other, and keeps what each begins from. */
  async rehearse(): Promise<Map<Operation, Undisturbed>> {
    const found = new Map<Operation, Undisturbed>();
    await this.serve(false);
    for (const operation of operations) {
      this.bases.set(operation, this.stack.saved);
      copyFileSync(this.path("data"), this.path(`base ${operation}`));
      this.gateway.forget();
      await this.perform(operation);
      const requests = this.gateway.passed.length;
      found.set(operation, { requests, truth: essence(await this.truth()), state: this.stack.saved });
    }
    return found;
  }

  /** Puts service and state to where an operation begins. */
  async reset(operation: Operation, inOwnProcess: boolean): Promise<void> {
    await this.stack.end();
    await this.running?.end();
    copyFileSync(this.path(`base ${operation}`), this.path("data"));
    this.stack.restore(this.bases.get(operation)!);
    await this.serve(inOwnProcess);
    this.gateway.forget();
  }

  /** Performs an operation; throws if anything of it fails. */
  async perform(operation: Operation): Promise<void> {
    if (operation === "destroy") return this.stack.destroy();
    this.stack.declare(quickstartProgram(operation === "edit"));
    for (const [name, { failures, initErrors = [] }] of Object.entries(await this.stack.up())) {
      const faults = [...failures.map(({ reason }) => reason), ...initErrors];
      if (faults.length > 0) throw new Error(`${name}: ${faults.join("\n")}`);
    }
  }

  /** Names of what a preview would change. */
  async preview(): Promise<string[]> {
    const applied = Object.entries(await this.stack.up());
    return applied.filter(([, { op }]) => op !== "same").map(([name]) => name);
  }

  /** Kills the service's process and starts it again on the same port and data; nobody can connect in the meantime. */
  async killService(): Promise<void> {
    await this.gateway.close();
    await this.running?.end();
    await this.serve(true);
    await this.gateway.open();
  }

  async truth(): Promise<TrueLibrary> {
    const answer = await fetch(`${this.gateway.target}/_control/state`);
    return ((await answer.json()) as { libraries: TrueLibrary[] }).libraries[0]!;
  }

  async close(): Promise<void> {
    await this.stack.end();
    await this.gateway.close();
    await this.running?.end();
    await killAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  private async serve(inOwnProcess: boolean): Promise<void> {
    const limits = { maxRequestPerSecond: null };
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
