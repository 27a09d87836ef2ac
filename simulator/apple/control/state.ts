import { Rows } from "../../kit/rows";
import { totalCount } from "../api/list-assets";
import { assignmentRow } from "../api/list-assignments";
import type { Asset, User } from "../core/assignment";
import type { ServiceEvent } from "../core/event";
import type { Library } from "../core/library";
import type { World } from "../core/world";
import { libraryOf } from "./bodies";
import type { ControlContext } from "./context";
import { tokenRow } from "./tokens";

/** GET state: the whole truth about every library. Tokens are described, never shown. */
export function showState({ world }: ControlContext, query: { library?: string; omit?: string }): object {
  const libraries = query.library === undefined ? world.libraries() : [libraryOf(world, query)];
  const omitted = new Set((query.omit ?? "").split(","));
  return {
    now: new Date(world.clock.now()).toISOString(),
    libraries: libraries.map((library) => libraryState(world, library, omitted)),
  };
}

function libraryState(world: World, library: Library, omitted: ReadonlySet<string>): object {
  const { libraryId, organizationName, locationName, countryCode, platform, domains } = library.identity;
  const { url, types } = library.notifications;
  const assets = [...library.assets.values()].sort((one, other) => one.seq - other.seq);
  return {
    libraryId,
    organizationName,
    locationName,
    countryCode,
    platform,
    domains,
    mdmInfo: library.mdmInfo ?? null,
    notifications: { ...(url !== undefined && { url }), ...(types !== undefined && { types }) },
    assets: assets.map((asset) => assetState(world, asset)),
    ...(!omitted.has("assignments") && {
      assignments: new Rows(library.licences.all, (assignment) => assignmentRow(assignment)),
    }),
    ...(!omitted.has("users") && { users: new Rows(library.users.all, userState) }),
    tokens: world.tokens.of(library).map((token) => tokenRow(token, world.clock.now())),
    ...(!omitted.has("events") && { events: new Rows(library.events.list(), eventState) }),
  };
}

/** One asset with its true counts. */
export function assetState(world: World, asset: Asset): object {
  const { adamId, pricingParam, metadata, productType, deviceAssignable, revocable } = asset.description;
  return {
    adamId,
    pricingParam,
    name: metadata.name,
    productType,
    deviceAssignable,
    revocable,
    totalCount: totalCount(asset, world.settings.readings["retired-count"] === "inside"),
    assignedCount: asset.assignedCount,
    availableCount: asset.availableCount,
    retiredCount: asset.retiredCount,
  };
}

/** One user entry with everything that is known about it. */
export function userState(user: User): object {
  const { clientUserId, status, email, inviteCode, idHash, managedAppleId } = user;
  return {
    clientUserId,
    status,
    ...(email !== undefined && { email }),
    ...(managedAppleId === undefined && { inviteCode }),
    ...(idHash !== undefined && { idHash }),
    ...(managedAppleId !== undefined && { managedAppleId }),
  };
}

function eventState(event: ServiceEvent): object {
  const { acceptedAt, processedAt, ...rest } = event;
  return {
    ...rest,
    acceptedAt: new Date(acceptedAt).toISOString(),
    ...(processedAt !== undefined && { processedAt: new Date(processedAt).toISOString() }),
  };
}
