/** Which requests are meant; what is left out is not looked at. */
export interface RequestMatch {
  readonly method?: string;
  /** A whole path that begins with a slash, or its part after the service's root. */
  readonly path?: string;
  /** Query parameters with the values they must have; `null` stands for a parameter that must be missing. */
  readonly query?: Readonly<Record<string, string | null>>;
}

/** What is known of a request before anything is done about it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Its query parameters, the first one when a name is repeated. */
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Whether a request is one of those meant.
 *
 * @param root what the service's paths begin with, such as `/v1/`.
 */
export function matchesRequest(match: RequestMatch, request: SeenRequest, root: string): boolean {
  const { method, path, query = {} } = match;
  const wholePath = path === undefined || path.startsWith("/") ? path : `${root}${path}`;
  return (
    (method === undefined || method === request.method) &&
    (wholePath === undefined || wholePath === request.path) &&
    Object.entries(query).every(([name, value]) => (request.query[name] ?? null) === value)
  );
}
