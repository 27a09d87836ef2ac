import type { Library } from "../core/library";

/** Which requests are meant; what is left out is not looked at. */
export interface RequestMatch {
  readonly method?: string;
  /** A whole path such as `/mdm/v2/assets`, or its part after `/mdm/v2/`. */
  readonly path?: string;
  /** Query parameters with the values they must have; `null` stands for a parameter that must be missing. */
  readonly query?: Readonly<Record<string, string | null>>;
  /** The id of the library whose token the request bears. */
  readonly library?: string;
}

/** What is known of a request before anything is done about it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Its query parameters, the first one when a name is repeated. */
  readonly query: Readonly<Record<string, string>>;
  /** The library of its token, if it bears one the simulator made. */
  readonly library: Library | undefined;
}

/** Whether a request is one of those meant. */
export function matchesRequest(match: RequestMatch, request: SeenRequest): boolean {
  const { method, path, query = {}, library } = match;
  const wholePath = path === undefined || path.startsWith("/") ? path : `/mdm/v2/${path}`;
  return (
    (method === undefined || method === request.method) &&
    (wholePath === undefined || wholePath === request.path) &&
    Object.entries(query).every(([name, value]) => (request.query[name] ?? null) === value) &&
    (library === undefined || library === request.library?.identity.libraryId)
  );
}
