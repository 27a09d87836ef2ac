import type { Call } from "./call";
import { readClientConfig, writeClientConfig } from "./client-config";
import { eventStatus } from "./event-status";
import { ASSET_PARAMETERS, listAssets } from "./list-assets";
import { ASSIGNMENT_PARAMETERS, listAssignments } from "./list-assignments";
import { listUsers, USER_PARAMETERS } from "./list-users";
import { associateAssets, disassociateAssets, revokeAssets } from "./manage-assets";
import { createUsersEndpoint, retireUsersEndpoint, updateUsersEndpoint } from "./manage-users";

/** One method of one path that needs a token. */
export interface Endpoint {
  readonly handle: (call: Call) => object | Promise<object>;
  /** The query parameters that are documented for it. */
  readonly parameters: readonly string[];
  /** Whether a content manager without the right to manage may not use it. */
  readonly manages: boolean;
}

/** Everything under `/mdm/v2` that needs a token, by path and method. */
export const ENDPOINTS: Readonly<Record<string, Readonly<Partial<Record<string, Endpoint>>>>> = {
  "/mdm/v2/client/config": { GET: read(readClientConfig), POST: { ...write(writeClientConfig), manages: false } },
  "/mdm/v2/assets": { GET: read(listAssets, ASSET_PARAMETERS) },
  "/mdm/v2/assignments": { GET: read(listAssignments, ASSIGNMENT_PARAMETERS) },
  "/mdm/v2/users": { GET: read(listUsers, USER_PARAMETERS) },
  "/mdm/v2/status": { GET: read(eventStatus, ["eventId"]) },
  "/mdm/v2/assets/associate": { POST: write(associateAssets) },
  "/mdm/v2/assets/disassociate": { POST: write(disassociateAssets) },
  "/mdm/v2/assets/revoke": { POST: write(revokeAssets) },
  "/mdm/v2/users/create": { POST: write(createUsersEndpoint) },
  "/mdm/v2/users/update": { POST: write(updateUsersEndpoint) },
  "/mdm/v2/users/retire": { POST: write(retireUsersEndpoint) },
};

function read(handle: Endpoint["handle"], parameters: readonly string[] = []): Endpoint {
  return { handle, parameters, manages: false };
}

function write(handle: Endpoint["handle"]): Endpoint {
  return { handle, parameters: [], manages: true };
}
