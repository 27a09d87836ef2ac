import * as kit from "../../kit/faults/match";
import type { Library } from "../core/library";

/** Which requests are meant; what is left out is not looked at. A path may be its part after `/mdm/v2/`. */
export interface RequestMatch extends kit.RequestMatch {
  /** The id of the library whose token the request bears. */
  readonly library?: string;
}

/** What is known of a request before anything is done about it. */
export interface SeenRequest extends kit.SeenRequest {
  /** The library of its token, if it bears one the simulator made. */
  readonly library: Library | undefined;
}

/** Whether a request is one of those meant. */
export function matchesRequest(match: RequestMatch, request: SeenRequest): boolean {
  return (
    kit.matchesRequest(match, request, "/mdm/v2/") &&
    (match.library === undefined || match.library === request.library?.identity.libraryId)
  );
}
