/** Where clients reach a stand-in when it is not where it listens: without a slash at its end, and its path. */
export interface BaseUrl {
  readonly url: string;
  readonly pathname: string;
}

/**
 * Reads a base address.
 *
 * @throws RangeError when it cannot be one.
 */
export function readBaseUrl(text: string | undefined): BaseUrl | undefined {
  if (text === undefined) {
    return undefined;
  }
  const base = URL.canParse(text) ? new URL(text) : undefined;
  const more = base && [base.search, base.hash, base.username, base.password].some((part) => part !== "");
  if (base === undefined || !["http:", "https:"].includes(base.protocol) || more === true) {
    throw new RangeError("the base URL must be an http or https address without a query, a fragment and a user");
  }
  const pathname = base.pathname.replace(/\/+$/, "");
  return { url: `${base.origin}${pathname}`, pathname };
}
