import type { OrderedList } from "../../kit/ordered-list";
import { PRICING_PARAMS, type PricingParam } from "../core/asset";
import { type Asset, type Assignment, isActive } from "../core/assignment";
import { Refusal } from "../core/errors";
import type { EarlierList } from "../core/lag";
import type { Library } from "../core/library";
import { keptSerialNumber } from "../work/serial-numbers";
import { type Call, envelope } from "./call";
import {
  concatenated,
  filtersDelta,
  listField,
  pageOf,
  type Selection,
  SelectionCache,
  selectionOf,
  sinceRevision,
} from "./paging";

/** The query parameters GET assignments documents. */
export const ASSIGNMENT_PARAMETERS = [
  "pageIndex",
  "adamId",
  "clientUserId",
  "serialNumber",
  "pricingParam",
  "sinceVersionId",
  "excludeInactiveUsers",
  "includeUserState",
] as const;

interface Filter {
  readonly adamId: string | undefined;
  readonly pricingParam: PricingParam | undefined;
  readonly clientUserId: string | undefined;
  readonly serialNumber: string | undefined;
  readonly activeOnly: boolean;
}

const NO_FILTER: Filter = {
  adamId: undefined,
  pricingParam: undefined,
  clientUserId: undefined,
  serialNumber: undefined,
  activeOnly: false,
};

/** The licences as they were: whether those that changed since were there. */
type Earlier = EarlierList<Assignment, boolean>;

const caches = new WeakMap<Library, SelectionCache<Assignment>>();

/** GET assignments: who holds what, or what changed about it since a version. */
export function listAssignments(call: Call): object {
  const { query, library } = call;
  const serialNumber = query.text("serialNumber");
  const filter: Filter = {
    adamId: query.text("adamId"),
    pricingParam: query.choice("pricingParam", PRICING_PARAMS),
    clientUserId: query.text("clientUserId"),
    serialNumber: serialNumber && keptSerialNumber(serialNumber, call.world.settings.readings),
    activeOnly: query.flag("excludeInactiveUsers") ?? false,
  };
  const withState = query.flag("includeUserState") ?? false;
  refuseUnknownUserFilter(call, filter.clientUserId);
  const since = sinceRevision(call, library.licences.versions);
  const earlier = library.licences.lag.earlier();
  const selection =
    since === undefined
      ? select(library, filter, earlier)
      : selectSince(call, filtersDelta(call) ? filter : NO_FILTER, { since, earlier });
  const page = pageOf(call, selection, library.licences.versions, earlier?.revision);
  return envelope(
    call,
    {
      ...listField(
        call,
        "assignments",
        page.records.map((each) => assignmentRow(each, withState)),
      ),
      ...page.fields,
    },
    "list",
  );
}

/** One licence as GET assignments writes it. */
export function assignmentRow(assignment: Assignment, withUserState = false): object {
  const { asset, target } = assignment;
  const { adamId, pricingParam } = asset.description;
  if (target.kind === "device") {
    return { adamId, pricingParam, serialNumber: target.serialNumber };
  }
  return {
    adamId,
    pricingParam,
    clientUserId: target.clientUserId,
    ...(withUserState && target.idHash !== undefined && { idHash: target.idHash }),
    ...(withUserState && { userStatus: target.status }),
  };
}

/** Refuses a filter by a user nobody ever had, in the reading that does so. */
export function refuseUnknownUserFilter(call: Call, clientUserId: string | undefined): void {
  if (
    clientUserId !== undefined &&
    call.world.settings.readings["unknown-user-filter"] === "9609" &&
    call.library.users.entries(clientUserId).length === 0
  ) {
    throw new Refusal(9609);
  }
}

function select(library: Library, filter: Filter, earlier: Earlier | undefined): Selection<Assignment> {
  if (earlier === undefined) {
    return selectTrue(library, filter);
  }
  const key = `lag ${earlier.revision} ${library.licences.versions.revision} ${JSON.stringify(filter)}`;
  return cacheOf(library).get(key, () => selectEarlier(library, filter, earlier));
}

/** What was there at an earlier revision, in the order in which it was listed. */
function selectEarlier(library: Library, filter: Filter, { was }: Earlier): Assignment[] {
  const present = selectTrue(library, filter);
  const stayed = present.slice(0, present.size).filter((assignment) => was.get(assignment) !== false);
  const gone = [...was.keys()].filter((each) => was.get(each) === true && matches(each, filter));
  const ofTarget = filter.clientUserId !== undefined || filter.serialNumber !== undefined;
  const byAsset = !ofTarget && (filter.adamId !== undefined || filter.pricingParam !== undefined);
  const places = new Map(byAsset ? assetsOf(library, filter).map((asset, place) => [asset, place]) : []);
  const placeOf = ({ asset }: Assignment) => places.get(asset) ?? 0;
  return [...stayed, ...gone].sort((one, other) => placeOf(one) - placeOf(other) || one.seq - other.seq);
}

function selectTrue(library: Library, filter: Filter): Selection<Assignment> {
  if (filter.clientUserId !== undefined || filter.serialNumber !== undefined) {
    const held =
      filter.clientUserId === undefined
        ? library.licences.device(filter.serialNumber!).assignments
        : library.users.entries(filter.clientUserId).flatMap((user) => user.assignments);
    return selectionOf(held.filter((assignment) => matches(assignment, filter)));
  }
  const lists = listsOf(library, filter);
  return concatenated(filter.activeOnly ? lists.map((list) => list.shown) : lists);
}

function listsOf(library: Library, filter: Filter): OrderedList<Assignment>[] {
  if (filter.adamId === undefined && filter.pricingParam === undefined) {
    return [library.licences.all];
  }
  return assetsOf(library, filter).map((asset) => asset.assignments);
}

function assetsOf(library: Library, { adamId, pricingParam }: Filter): Asset[] {
  const candidates: Iterable<Asset> = adamId === undefined ? library.assets.values() : library.assetsOf(adamId);
  return [...candidates].filter(
    (asset) => pricingParam === undefined || asset.description.pricingParam === pricingParam,
  );
}

interface Delta {
  /** The revision after which changes count. */
  readonly since: number;
  readonly earlier: Earlier | undefined;
}

function selectSince(call: Call, filter: Filter, { since, earlier }: Delta): Selection<Assignment> {
  const { licences } = call.library;
  const listsRemoved = call.world.settings.readings["delta-removals"] === "listed";
  const key = `since ${since} ${earlier?.revision} ${licences.versions.revision} ${listsRemoved} ${JSON.stringify(filter)}`;
  return cacheOf(call.library).get(key, () => {
    const changed = licences.changes.since(since, earlier?.revision);
    if (changed === undefined) {
      throw new Refusal(9721);
    }
    return changed.filter(
      (assignment) =>
        matches(assignment, filter) &&
        ((earlier?.was.get(assignment) ?? assignment.state !== "removed") ||
          (listsRemoved && !assignment.asset.holders.has(assignment.target))),
    );
  });
}

function matches({ asset, target }: Assignment, filter: Filter): boolean {
  const { adamId, pricingParam } = asset.description;
  return (
    (filter.adamId === undefined || adamId === filter.adamId) &&
    (filter.pricingParam === undefined || pricingParam === filter.pricingParam) &&
    (filter.clientUserId === undefined || (target.kind === "user" && target.clientUserId === filter.clientUserId)) &&
    (filter.serialNumber === undefined || (target.kind === "device" && target.serialNumber === filter.serialNumber)) &&
    (!filter.activeOnly || target.kind === "device" || isActive(target))
  );
}

function cacheOf(library: Library): SelectionCache<Assignment> {
  let cache = caches.get(library);
  if (cache === undefined) {
    cache = new SelectionCache();
    caches.set(library, cache);
  }
  return cache;
}
