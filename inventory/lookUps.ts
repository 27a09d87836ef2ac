import { Libraries, type Surroundings } from "../provider/apple/library/libraries";
import { askOneByOneUpTo, isActive, type Library, type WireUser } from "../provider/apple/library/library";
import { type Asset, assetOfKey, unlimited } from "../provider/apple/library/readings/assets";
import type { TargetKind } from "../provider/apple/library/readings/assignmentCache";
import { invitations } from "../provider/apple/library/readings/invitations";
import { Notes } from "../provider/engine/diagnostics";
import { type ConfigReader, Settings } from "../provider/engine/settings";
import { describeFailure, isVppError, VppError, type VppErrorCode } from "../provider/errors";
import { normalizeAdamId } from "../provider/plan/adamId";
import { normalizeSerialNumber } from "../provider/plan/serialNumber";
import type { LookUpName } from "../provider/schema/lookUpSchemas";
import { faultsOf } from "../provider/schema/validate";
import { Declared } from "./declared";
import type {
  AppFilter,
  AssignmentFilter,
  FoundApp,
  FoundAssignment,
  FoundToken,
  FoundUser,
  UserFilter,
  Wherein,
} from "./found";
import { readInventory } from "./read";

/** What a look-up takes: the library, and its own filters. */
type Asked<Filter> = Filter & { readonly token: Wherein };

/** Where look-ups get what they need from the program that they run in. */
export interface LookUpHost {
  readonly config: ConfigReader;
  readonly env?: NodeJS.ProcessEnv;
  /** Takes a note for the user, one line. */
  readonly note: (line: string) => void;
  readonly surroundings?: Surroundings;
}

/** All look-ups of one run. What one of them has read of a library, the others use; nothing is ever written. */
export class LookUps {
  private readonly libraries: Libraries;
  private readonly people = new Map<Library, People>();

  constructor({ config, env, note, surroundings }: LookUpHost) {
    const settings = new Settings(new Notes(note), env);
    settings.configure(config);
    this.libraries = new Libraries(
      {
        endpoint: () => settings.endpoint(),
        proxy: () => settings.proxy(),
        events: () => settings.events(),
        // A program sees today's configuration, unlike a refresh or a destroy without one, so no token in it is stale.
        credential: (key) => ({ ...settings.credential(key), source: "environment" }),
      },
      surroundings,
    );
  }

  /** How the content token and its library stand. */
  getVppToken({ token }: Asked<object>): Promise<FoundToken> {
    return this.answer("getVppToken", { token }, async () => {
      const { contentTokenKey } = token;
      const tokenFingerprint = this.libraries.credential(contentTokenKey).fingerprint;
      const inventory = await readInventory(this.libraries, token, { apps: false }, expectedOf(token));
      const { expiresAt, status, holder, refusal } = inventory.token;
      if (status === "refused") throw refusal!;
      const { libraryId, locationName, organizationName, countryCode, platform } = inventory;
      return {
        contentTokenKey,
        tokenFingerprint,
        expiresAt: expiresAt.toISOString(),
        status,
        ...(holder && { holder }),
        ...(libraryId !== undefined && { libraryId }),
        ...(locationName !== undefined && { locationName }),
        organizationName,
        ...(countryCode !== undefined && { countryCode }),
        ...(platform !== undefined && { platform }),
      };
    });
  }

  /** The products of the library that pass the filter, by number. */
  getVppApps(given: Asked<AppFilter>): Promise<{ libraryId: string; apps: FoundApp[] }> {
    const tidy = (adamId: unknown): unknown => (typeof adamId === "string" ? normalizeAdamId(adamId) : adamId);
    const asked = {
      ...given,
      ...(Array.isArray(given.adamIds) && { adamIds: (given.adamIds as readonly unknown[]).map(tidy) as string[] }),
    };
    return this.answer("getVppApps", asked, async () => {
      const library = this.open(asked.token);
      const table = await library.assets();
      const found = table.all().filter((asset) => passes(asset, asked));
      const named = asked.names === false && asked.name === undefined ? found : await this.named(library, found, asked);
      const apps = named.map(({ key: _, ...app }: Asset): FoundApp => app).sort(byNumber);
      return { libraryId: library.libraryId!, apps };
    });
  }

  /** The active people of the library who pass the filter, by id. */
  getVppUsers(asked: Asked<UserFilter>): Promise<{ libraryId: string; users: FoundUser[] }> {
    return this.answer("getVppUsers", asked, async () => {
      const library = this.open(asked.token);
      const people = this.people.get(library) ?? new People(library);
      this.people.set(library, people);
      const records = (await people.find(asked.clientUserIds)).filter(
        ({ status }) => asked.status === undefined || status === asked.status,
      );
      const inviteUrlOf = asked.personalData === false ? (): undefined => undefined : await invitations(library);
      const users = records.map((record): FoundUser => {
        const { clientUserId, status, email } = record;
        const inviteUrl = inviteUrlOf(record);
        const isShown = asked.personalData !== false && email !== undefined;
        return { clientUserId, status, ...(isShown && { email }), ...(inviteUrl !== undefined && { inviteUrl }) };
      });
      if (library.libraryId === undefined) await library.config();
      return { libraryId: library.libraryId!, users: users.sort((a, b) => compare(a.clientUserId, b.clientUserId)) };
    });
  }

  /** The licences that pass the filter: those of devices, then those of people, by app and target. */
  getVppAssignments(asked: Asked<AssignmentFilter>): Promise<{ libraryId: string; assignments: FoundAssignment[] }> {
    const tidy = {
      ...asked,
      ...(typeof asked.adamId === "string" && { adamId: normalizeAdamId(asked.adamId) }),
      ...(typeof asked.serialNumber === "string" && { serialNumber: normalizeSerialNumber(asked.serialNumber) }),
    };
    return this.answer("getVppAssignments", tidy, async () => {
      const { adamId, serialNumber, clientUserId } = tidy;
      if (serialNumber !== undefined && clientUserId !== undefined)
        throw new VppError(
          "VPP_INPUT_INVALID",
          "serialNumber and clientUserId are both given, and no licence has both",
          {
            remedy: "Look for one of them at a time.",
          },
        );
      const library = this.open(asked.token);
      const table = await library.assets();
      const keys = (adamId === undefined ? table.all() : table.withAdamId(adamId)).map(({ key }) => key).sort(compare);
      const target = serialNumber ?? clientUserId;
      const assignments: FoundAssignment[] = [];
      for (const kind of ["device", "user"] as const) {
        const name = kind === "device" ? "serialNumber" : "clientUserId";
        if (target !== undefined && tidy[name] === undefined) continue;
        const holdersOf = await (target === undefined ? all(library, keys, kind) : single(library, keys, kind, target));
        for (const key of keys)
          for (const holder of holdersOf(key)) assignments.push({ ...assetOfKey(key), [name]: holder });
      }
      return { libraryId: library.libraryId!, assignments };
    });
  }

  private open({ contentTokenKey, libraryId }: Wherein): Library {
    const library = this.libraries.ofKey(contentTokenKey);
    return libraryId === undefined ? library : library.expect(libraryId);
  }

  /** Products with their names, those left out that are called otherwise. Not to know a name must not look as if it were another one. */
  private async named(library: Library, assets: readonly Asset[], { name }: AppFilter): Promise<Asset[]> {
    const names = await library.names.lookUp(assets.map(({ adamId }) => adamId));
    if (name === undefined) return assets.map((asset) => ({ ...asset, ...names.get(asset.adamId) }));
    const unanswered = assets.filter(({ adamId }) => library.names.isUnanswered(adamId));
    if (unanswered.length > 0) {
      const why = `the store did not tell the names of ${unanswered.length} of ${assets.length} apps, so none can be chosen by name`;
      throw new VppError("VPP_NETWORK_UNREACHABLE", why, { remedy: "Try again later, or choose the apps by adamIds." });
    }
    const part = name.toLocaleLowerCase("en");
    return assets
      .map((asset) => ({ ...asset, ...names.get(asset.adamId) }))
      .filter(({ displayName }) => displayName?.toLocaleLowerCase("en").includes(part));
  }

  private async answer<T>(name: LookUpName, asked: Asked<object>, look: () => Promise<T>): Promise<T> {
    const faults = faultsOf(name, asked);
    if (faults.length > 0) throw described(name, asked, new VppError("VPP_INPUT_INVALID", faults.join("; ")));
    try {
      return await look();
    } catch (error) {
      throw isVppError(error) ? described(name, asked, error) : error;
    }
  }
}

/** A look-up that failed as one can: its message is the whole sentence for the user. */
export class LookUpFailure extends Error {
  constructor(
    message: string,
    readonly code: VppErrorCode,
  ) {
    super(message);
  }
}

function described(name: LookUpName, { token }: Asked<object>, error: VppError): LookUpFailure {
  const key: unknown = token?.contentTokenKey;
  const isShown = typeof key === "string" && /^[\w.-]{1,63}$/.test(key) && key !== "default";
  const what = isShown ? `the library of contentTokenKey ${key} was not read` : "the library was not read";
  return new LookUpFailure(describeFailure(name, what, error), error.code);
}

/** People of one library: all of them read once, or a few asked for one by one, each once. */
class People {
  private all?: Promise<readonly WireUser[]>;
  private readonly single = new Map<string, Promise<readonly WireUser[]>>();

  constructor(private readonly library: Library) {}

  async find(ids: readonly string[] | undefined): Promise<readonly WireUser[]> {
    const wanted = new Set(ids);
    const unasked = [...wanted].filter((id) => !this.single.has(id));
    if (ids === undefined || this.all !== undefined || this.single.size + unasked.length > askOneByOneUpTo) {
      this.all ??= this.library.activeUsers().catch((error: unknown) => {
        this.all = undefined;
        throw error;
      });
      return (await this.all).filter(({ clientUserId }) => ids === undefined || wanted.has(clientUserId));
    }
    for (const id of unasked) {
      const asking = this.library.usersById([id]);
      this.single.set(id, asking);
      asking.catch(() => this.single.delete(id));
    }
    const records = await Promise.all([...wanted].map((id) => this.single.get(id)!));
    return records.flat().filter(isActive);
  }
}

type HoldersOf = (key: string) => readonly string[];

async function all(library: Library, keys: readonly string[], kind: TargetKind): Promise<HoldersOf> {
  const holders = await library.holders(keys, kind);
  return (key) => [...holders.of(key)].sort(compare);
}

async function single(library: Library, keys: readonly string[], kind: TargetKind, target: string): Promise<HoldersOf> {
  const held = await library.held(keys, kind, [target]);
  return (key) => (held.has(key, target) ? [target] : []);
}

function passes(asset: Asset, { adamIds, platform, productType, deviceAssignable, freeBelow }: AppFilter): boolean {
  const platforms = asset.supportedPlatforms.map((each) => each.toLowerCase());
  return (
    (adamIds === undefined || adamIds.includes(asset.adamId)) &&
    (platform === undefined || platforms.includes(platform.toLowerCase())) &&
    (productType === undefined || asset.productType === productType) &&
    (deviceAssignable === undefined || asset.deviceAssignable === deviceAssignable) &&
    (freeBelow === undefined || (asset.totalCount < unlimited && asset.availableCount < freeBelow))
  );
}

function expectedOf(token: Wherein): ReadonlyMap<string, Declared> | undefined {
  const { libraryId, bindingId, managedBy, contentTokenKey } = token;
  if (libraryId === undefined || bindingId === undefined) return undefined;
  const declared = new Declared();
  declared.addRef({ contentTokenKey, bindingId, managedBy });
  return new Map([[libraryId, declared]]);
}

function byNumber(a: FoundApp, b: FoundApp): number {
  return a.adamId.length - b.adamId.length || compare(a.adamId, b.adamId) || compare(a.pricingParam, b.pricingParam);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
