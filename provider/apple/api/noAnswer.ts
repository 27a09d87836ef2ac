import { VppError } from "../../errors";
import type { TransportFault } from "../../http/transport";
import { redact } from "../../redact";

/** The error for a request to which no answer came. */
export function unreachable(
  { sent, fault, proxy }: TransportFault,
  host: string,
  isWrite: boolean,
  tries: number,
): VppError {
  const via = proxy === undefined ? "" : ` through the proxy ${proxy}`;
  if (sent && isWrite) return outcomeUnknown(`no answer came from ${host}${via} (${fault})`, tries);
  if (fault === "ENOTFOUND")
    return new VppError("VPP_NETWORK_UNREACHABLE", `can't reach ${host}${via} (${fault})`, {
      remedy: `No such host is known here: ${whatNames(host, proxy)} and the DNS of this machine, then run the same command again.`,
      tries,
    });
  const check =
    proxy === undefined ? "network, proxy and certificates" : "network, proxy (HTTPS_PROXY) and certificates";
  return new VppError("VPP_NETWORK_UNREACHABLE", `can't reach ${host}${via} (${fault})`, {
    remedy: `Check the ${check} of this machine, then run the same command again.`,
    tries,
  });
}

function whatNames(host: string, proxy: string | undefined): string {
  if (proxy !== undefined) return `check how HTTPS_PROXY spells ${proxy}`;
  return /\.apple\.com$/.test(host) ? "check the network" : `check how VPP_ENDPOINT or vpp:endpoint spells ${host}`;
}

/** The error for an answer that is not what this service sends. */
export function unreadable(why: string, tries?: number): VppError {
  const remedy = "Check the endpoint and any proxy, then run the same command again.";
  return new VppError("VPP_SERVICE_ANSWER", why, { tries, remedy });
}

/** The error for a write of which nobody knows whether it was done. */
export function outcomeUnknown(why: string, tries?: number): VppError {
  return new VppError("VPP_NETWORK_OUTCOME_UNKNOWN", `it is not known whether the service did it: ${why}`, {
    tries,
    remedy: "Run `pulumi up` again: it looks first at what is there.",
    mayBeDone: true,
  });
}

/** The error for a service that wants to be left alone for longer than the request can wait. */
export function throttledUntil(retryAt: number, cause: VppError): VppError {
  const when = new Date(retryAt).toISOString();
  return new VppError("VPP_SERVICE_THROTTLED", `${cause.reason}; the service wants to be asked again at ${when}`, {
    ...cause.details,
    remedy: `Run the same command again after ${when}.`,
  });
}

/** The error for a request that had to wait for others until its time was over. */
export function timeIsOver(): VppError {
  return new VppError("VPP_SERVICE_THROTTLED", "the request's time was over before the service's rate let it go", {
    remedy: "Run the same command again, or raise vpp:eventTimeoutSeconds.",
  });
}

/** The error for what the HTTP library threw and the network is not to blame for. Its words can hold what was sent, so they are searched. */
export function libraryFault(error: unknown, isWrite: boolean, secret: string): VppError {
  const {
    name = "Error",
    code,
    message = String(error),
  } = (error ?? {}) as { [key in "name" | "code" | "message"]?: string };
  const kind = typeof code === "string" ? `${name} ${code}` : name;
  const words = redact(
    String(message)
      .replaceAll(secret, "[hidden]")
      .replace(/\/\/\S*@/g, "//[hidden]@"),
  );
  return new VppError("VPP_BUG_UNEXPECTED", `the HTTP library failed: ${redact(kind)}: ${words}`, {
    remedy: "Please report this with the output of the same command under NODE_DEBUG=pulumi-vpp.",
    ...(isWrite && { mayBeDone: true }),
  });
}
