import type { IncomingHttpHeaders } from "node:http";

const HOST = /^[A-Za-z0-9._~-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/;
const PREFIX = /^(\/[A-Za-z0-9._~%-]+)+\/?$/;

/**
 * The address below which a client reaches the simulator, by what a proxy tells in `X-Forwarded-Proto`, `-Host` and
 * `-Prefix`. Of several proxies the first, which the client speaks to, is believed.
 *
 * @param origin holds for whatever the proxy does not tell, or tells in a form that can be no part of an address.
 */
export function forwardedOrigin(headers: IncomingHttpHeaders, origin: string): string {
  const own = new URL(origin);
  const proto = first(headers["x-forwarded-proto"])?.toLowerCase();
  const host = first(headers["x-forwarded-host"]);
  const prefix = first(headers["x-forwarded-prefix"]);
  const scheme = proto === "http" || proto === "https" ? proto : own.protocol.slice(0, -1);
  const path = prefix !== undefined && PREFIX.test(prefix) ? prefix : own.pathname;
  return `${scheme}://${host !== undefined && HOST.test(host) ? host : own.host}${path.replace(/\/$/, "")}`;
}

function first(header: string | string[] | undefined): string | undefined {
  const [text] = [header].flat();
  return text?.split(",")[0]?.trim();
}
