import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LibraryEntry, type Simulator, type SimulatorOptions, startSimulator } from "../../simulator";

/** One product as the service truly has it. */
export interface TrueAsset {
  readonly adamId: string;
  readonly pricingParam: string;
  readonly name: string;
  readonly totalCount: number;
  readonly assignedCount: number;
  readonly availableCount: number;
  readonly retiredCount: number;
}

/** One licence as the service truly has it. */
export interface TrueAssignment {
  readonly adamId: string;
  readonly pricingParam: string;
  readonly serialNumber?: string;
  readonly clientUserId?: string;
}

/** One user record as the service truly has it. */
export interface TrueUser {
  readonly clientUserId: string;
  readonly status: string;
  readonly email?: string;
  readonly managedAppleId?: string;
}

/** The whole truth about one library. */
export interface TrueLibrary {
  readonly libraryId: string;
  readonly mdmInfo: { readonly id: string; readonly name: string; readonly metadata: string } | null;
  readonly assets: readonly TrueAsset[];
  readonly assignments: readonly TrueAssignment[];
  readonly users: readonly TrueUser[];
}

/** One request that the service got. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly status: number;
  readonly errorNumber?: number;
  readonly body?: {
    readonly assets?: number;
    readonly serialNumbers?: number;
    readonly clientUserIds?: number;
    readonly users?: number;
  } & {
    readonly mdmInfo?: { readonly id: string; readonly metadata: string };
  };
}

/** Another service, as it marks libraries. */
export const rival = { id: "rival-mdm-1", name: "Rival Device Management", metadata: "rival.example" };

/** The library that most tests use: few licences, one book, nobody's mark. */
export function smallLibrary(changes: Partial<LibraryEntry> = {}): LibraryEntry {
  return {
    libraryId: "2049025000431439",
    organizationName: "Contoso",
    locationName: "Contoso HQ",
    countryCode: "DE",
    platform: "enterprisestore",
    domains: ["contoso.example"],
    assets: [
      { adamId: "361285480", name: "Keynote", totalCount: 40, bundleId: "com.apple.Keynote" },
      { adamId: "409183694", name: "Dockscan", totalCount: 40 },
      { adamId: "409201541", name: "Pages", unlimited: true },
      { adamId: "1000000001", name: "Field Handbook", productType: "Book", totalCount: 20 },
      { adamId: "1000000002", name: "Payroll for People", totalCount: 10, deviceAssignable: false },
    ],
    ...changes,
  };
}

/** A simulator for one test, and the token file that opens its first library. */
export class World {
  private constructor(
    readonly simulator: Simulator,
    private readonly folder: string,
  ) {}

  static async start(
    libraries: readonly LibraryEntry[] = [smallLibrary()],
    options: Partial<SimulatorOptions> = {},
  ): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "vpp-world-"));
    const simulator = await startSimulator({
      eventDelayMs: 5,
      limits: { maxRequestPerSecond: 100_000 },
      ...options,
      library: { libraries },
      writeToken: join(folder, "hq.vpptoken"),
    });
    return new World(simulator, folder);
  }

  /** The file with the first library's content token. */
  get tokenFile(): string {
    return join(this.folder, "hq.vpptoken");
  }

  /** A path in this world's folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** The environment that lets the provider reach this world. */
  get env(): NodeJS.ProcessEnv {
    return { VPP_ENDPOINT: this.simulator.url, VPP_CONTENT_TOKEN_FILE: this.tokenFile };
  }

  /** Does something behind everybody's back. */
  async act(name: string, input: object): Promise<void> {
    await this.simulator.control("POST", name, input);
  }

  /** Another service writes its mark on the first library, or on the named one. */
  seize(library?: string): Promise<void> {
    return this.act("holder", { mdmInfo: rival, ...(library && { library }) });
  }

  /** The truth about a library, the first one unless named. */
  async truth(libraryId?: string): Promise<TrueLibrary> {
    const { libraries } = (await this.simulator.control("GET", "state")) as { libraries: TrueLibrary[] };
    const found = libraryId === undefined ? libraries[0] : libraries.find((library) => library.libraryId === libraryId);
    if (found === undefined) throw new Error(`There is no library ${libraryId}.`);
    return found;
  }

  /** Who holds an app, sorted. */
  async holders(adamId: string): Promise<string[]> {
    const { assignments } = await this.truth();
    const holding = assignments.filter((assignment) => assignment.adamId === adamId);
    return holding.map(({ serialNumber, clientUserId }) => serialNumber ?? clientUserId ?? "").sort();
  }

  /** One product's true counts. */
  async asset(adamId: string): Promise<TrueAsset> {
    const found = (await this.truth()).assets.find((asset) => asset.adamId === adamId);
    if (found === undefined) throw new Error(`There is no app ${adamId}.`);
    return found;
  }

  /** The requests since the last call of {@link forget}, the look-up of names and service/config left out. */
  async requests(pathEnd = ""): Promise<LoggedRequest[]> {
    const answer = (await this.simulator.control("GET", "requests")) as { requests: LoggedRequest[] };
    return answer.requests.filter(({ path }) => path.endsWith(pathEnd));
  }

  /** The names of the first library's tokens. */
  async tokenNames(): Promise<string[]> {
    const { libraries } = (await this.simulator.control("GET", "state")) as {
      libraries: { tokens: { name: string }[] }[];
    };
    return libraries[0]?.tokens.map(({ name }) => name) ?? [];
  }

  /** Empties the list of requests. */
  async forget(): Promise<void> {
    await this.simulator.control("DELETE", "requests");
  }

  async close(): Promise<void> {
    await this.simulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Made-up serial numbers, each different. */
export function serials(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `F9FW${String(from + index).padStart(6, "0")}`);
}
