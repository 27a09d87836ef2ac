import { publishedErrors } from "../core/errors";
import type { World } from "../core/world";

const PATHS = {
  clientConfig: "client/config",
  createUsers: "users/create",
  updateUsers: "users/update",
  retireUsers: "users/retire",
  getUsers: "users",
  getAssets: "assets",
  getAssignments: "assignments",
  associateAssets: "assets/associate",
  disassociateAssets: "assets/disassociate",
  revokeAssets: "assets/revoke",
  eventStatus: "status",
} as const;

/** The types service/config lists; Apple's list is shorter than the one POST client/config takes. */
const LISTED_NOTIFICATION_TYPES = ["ASSET_MANAGEMENT", "USER_MANAGEMENT", "USER_ASSOCIATED", "ASSET_COUNT"] as const;

/** GET service/config: limits, addresses and errors. Needs no token and tells nothing about a library. */
export function serviceConfig(world: World, origin: string): object {
  const urls = Object.fromEntries(
    Object.entries(PATHS).map(([name, path]) => [name, `${origin}/mdm/v2/${path}`] as const),
  );
  return {
    errorCodes: publishedErrors(),
    limits: world.settings.limits,
    notificationTypes: LISTED_NOTIFICATION_TYPES,
    urls: {
      ...urls,
      contentMetadataLookup: `${origin}/lookup`,
      invitationEmail: `${origin}/invitation?inviteCode=%25inviteCode%25&mt=8`,
    },
  };
}
