import { join } from "node:path";
import { readDevices, readPeople } from "../../examples/quickstart/lists";
import { type Moment, moments } from "./gateway";
import type { Data, Kind } from "./hostProcess";
import { type Kept, ProcessStack } from "./hostStack";
import { essence, KillService } from "./killService";
import { root } from "./paths";

/** What is done to a stack while something is killed. */
export const operations = ["first up", "edit", "destroy"] as const;
export type Operation = (typeof operations)[number];

/** A program as `ProcessStack` takes it. */
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

/** The quickstart at provider level, and the service that it talks to; either can be killed. */
export class KillStage {
  readonly stack: ProcessStack;
  private readonly bases = new Map<Operation, ReadonlyMap<string, Kept>>();

  private constructor(readonly service: KillService) {
    this.stack = new ProcessStack({ env: service.env });
  }

  static async start(): Promise<KillStage> {
    return new KillStage(await KillService.start());
  }

  /** Performs the operations undisturbed, one after the other, and keeps what each begins from. */
  async rehearse(): Promise<Map<Operation, Undisturbed>> {
    const { service, stack } = this;
    const found = new Map<Operation, Undisturbed>();
    for (const operation of operations) {
      this.bases.set(operation, stack.saved);
      service.save(operation);
      service.gateway.forget();
      await this.perform(operation);
      const requests = service.gateway.passed.length;
      found.set(operation, { requests, truth: essence(await service.truth()), state: stack.saved });
    }
    return found;
  }

  /** Puts service and state to where an operation begins. */
  async reset(operation: Operation, inOwnProcess: boolean): Promise<void> {
    await this.stack.end();
    this.stack.restore(this.bases.get(operation)!);
    await this.service.restore(operation, inOwnProcess);
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

  async close(): Promise<void> {
    await this.stack.end();
    await this.service.close();
  }
}
