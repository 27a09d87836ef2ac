import { DEFAULT_LIBRARY, type Simulator, startSimulator } from "../../simulator";

/** The service that the documentation's programs run against: the simulator's own library, and one of a branch office. */
export interface DocumentedService {
  readonly simulator: Simulator;
  /** Where the service is, and the content tokens of both libraries, under the keys `default` and `branch`. */
  readonly env: NodeJS.ProcessEnv;
}

/** The branch office's library. */
const BRANCH = {
  libraryId: "2049025000431440",
  organizationName: "Nordlicht Spedition GmbH",
  locationName: "Nordlicht Bremen",
  countryCode: "DE",
  assets: [{ adamId: "361285480", name: "Keynote", totalCount: 40, bundleId: "com.apple.Keynote" }],
};

/** Starts one. */
export async function startService(): Promise<DocumentedService> {
  const simulator = await startSimulator({
    library: { libraries: [...DEFAULT_LIBRARY.libraries, BRANCH] },
    eventDelayMs: 1,
    limits: { maxRequestPerSecond: 100_000 },
  });
  const env = {
    VPP_ENDPOINT: simulator.url,
    VPP_CONTENT_TOKEN: simulator.token(),
    VPP_CONTENT_TOKEN_BRANCH: simulator.token(BRANCH.libraryId),
  };
  return { simulator, env };
}
