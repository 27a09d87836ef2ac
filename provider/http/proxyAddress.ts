import { VppError } from "../errors";

const write =
  "Write it as http://proxy.example:3128, with a user as http://user:password@proxy.example:3128, or unset it.";

/**
 * Refuses what is not the address of an HTTP proxy, in words that show nothing of it: there may be a password anywhere. `variable` is where it
 * comes from.
 */
export function assertProxyAddress(text: string, variable: string): void {
  const why = faultOf(text);
  if (why === undefined) return;
  throw new VppError("VPP_CONFIG_PROXY", `what ${variable} names is not the address of a proxy: ${why}`, {
    remedy: write,
  });
}

function faultOf(text: string): string | undefined {
  if (/^socks/i.test(text)) return "SOCKS proxies are not supported, only HTTP ones";
  if (!/^https?:\/\//i.test(text)) return "it does not begin with http:// or https://";
  if (text.includes("\\")) return "it holds a backslash; in a user name such as DOMAIN\\user, write %5C in its place";
  if (/[\s\p{Cc}]/u.test(text)) return "it holds a blank or a control character";
  if (!URL.canParse(text))
    return "it can't be read; in a user name or password, write signs such as / ? # @ : as %2F and so on";
  const { username, password, pathname, search, hash } = new URL(text);
  if (pathname !== "/" || search !== "" || hash !== "")
    return "it holds a path or a query; in a user name or password, write signs such as / ? # as %2F and so on";
  try {
    decodeURIComponent(`${username}${password}`);
  } catch {
    return "its user name or password holds a % that begins no code; write %25 in its place";
  }
  return undefined;
}

/** Host and port of a proxy, for a message. */
export function shownProxy(url: string): string {
  return new URL(url).host;
}

/**
 * Whether a request goes through the proxy: HTTPS ones do, unless `except` names their host, as `NO_PROXY` does: names between commas or
 * blanks, each with all below it, with or without a port, and `*` for everything.
 */
export function goesThroughProxy(url: URL, except: string): boolean {
  if (url.protocol !== "https:") return false;
  if (except.trim() === "*") return false;
  const hostname = url.hostname.toLowerCase();
  return !except.split(/[,\s]+/).some((entry) => {
    const [, name = entry, port] = /^(.+):(\d+)$/.exec(entry) ?? [];
    if (port !== undefined && port !== (url.port || "443")) return false;
    const bare = name.replace(/^\*?\./, "").toLowerCase();
    return bare !== "" && (hostname === bare || hostname.endsWith(`.${bare}`));
  });
}
