/**
 * The provider that does nothing: what the engine and its host cost without us. It gives back its inputs and as many counts as ours has, so
 * that the states are alike, and asks nobody.
 */
type Properties = Record<string, unknown>;

/** Where ours waits for the service, the floor waits as long; a job says how long that is. */
const waitMs = Number(process.env.BENCH_FLOOR_WAIT_MS ?? "0");
/** Where ours updates a changed assignment, the floor updates it too, for the engine's steps to be the same. */
const updates = process.env.BENCH_FLOOR_UPDATES === "1";

const wait = (): Promise<unknown> | undefined =>
  waitMs > 0 ? new Promise((resolve) => setTimeout(resolve, waitMs)) : undefined;

/** A fixed moment: the date of a state must be there, and nobody asks which it is. */
const lastSyncedAt = "2026-01-01T00:00:00.000Z";

interface Shape {
  /** Inputs that its check adds, as ours does. */
  readonly added?: Properties;
  /** Outputs beside the inputs. */
  readonly outputs: (inputs: Properties) => Properties;
  /** Whether ours waits for events where it writes. */
  readonly waits?: boolean;
}

function empty({ added = {}, outputs, waits = false }: Shape) {
  const outs = (inputs: Properties): Properties => ({ ...inputs, ...outputs(inputs), lastSyncedAt });
  return {
    check: async (_olds: Properties, news: Properties) => ({ inputs: { ...news, ...added }, failures: [] }),
    diff: async () => ({ changes: updates && waits }),
    create: async (inputs: Properties) => {
      if (waits) await wait();
      return { id: "2049025000431439/nothing", outs: outs(inputs) };
    },
    update: async (_id: string, _olds: Properties, news: Properties) => {
      if (waits) await wait();
      return { outs: outs(news) };
    },
    read: async (id: string, props: Properties) => ({ id, props }),
    delete: async () => {
      if (waits) await wait();
    },
  };
}

/** Beside {@link import("./index").VppToken}. */
export const emptyToken = empty({
  added: {
    libraryId: "2049025000431439",
    bindingId: "00000000-0000-5000-8000-000000000000",
    tokenFingerprint: "0123456789ab",
  },
  outputs: () => ({
    expiresAt: lastSyncedAt,
    status: "valid",
    locationName: "Contoso HQ",
    organizationName: "Contoso",
    countryCode: "DE",
    platform: "enterprisestore",
    lastUpdatedAt: lastSyncedAt,
  }),
});

/** Beside {@link import("./index").VppApp}. */
export const emptyApp = empty({
  outputs: () => ({
    displayName: "App",
    productType: "App",
    deviceAssignable: true,
    revocable: true,
    supportedPlatforms: ["iOS"],
    totalCount: 0,
    assignedCount: 0,
    availableCount: 0,
    retiredCount: 0,
  }),
});

/** Beside {@link import("./index").VppUserSet}. Its list of members is what a set is there to give, so the floor has one, too. */
export const emptyUserSet = empty({
  waits: true,
  outputs: ({ users }) => ({
    invitedCount: 0,
    acceptedCount: 0,
    missingCount: 0,
    members: (users as { clientUserId: string }[]).map(({ clientUserId }) => ({
      clientUserId,
      status: "Registered",
      inviteUrl: "https://buy.itunes.apple.com/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount?inviteCode=0",
      registeredByUs: true,
    })),
  }),
});

/** Beside {@link import("./index").VppAssignment}. */
export const emptyAssignment = empty({
  waits: true,
  outputs: ({ apps }) => ({
    assignedCount: 0,
    missingCount: 0,
    missing: [],
    surplusCount: 0,
    surplus: [],
    surplusTargetCount: 0,
    pendingCount: 0,
    appCounts: (apps as object[]).map((app) => ({ ...app, availableCount: 0 })),
  }),
});
