import { VppError, type VppErrorDetails } from "../../errors";
import { redact } from "../../redact";
import type { Json } from "./decode";
import { apiErrorOf, later, newToken, refusedAgain } from "./errorTable";

/** The error for an `errorNumber`, with our own words where we have some. */
export function errorForNumber(
  errorNumber: number,
  message: string | undefined,
  status?: number,
  tries?: number,
): VppError {
  const entry = apiErrorOf(errorNumber);
  const details = { status, serviceCode: errorNumber, tries };
  const serviceText = message === undefined ? {} : { serviceText: message };
  if (entry) return new VppError(entry.code, entry.why, { ...details, ...serviceText, remedy: entry.remedy });
  const why = `the service refused the request${message ? ` (“${redact(message)}”)` : ""}`;
  return new VppError("VPP_SERVICE_ERROR", why, { ...details, remedy: refusedAgain });
}

/** What is known of an answer beside its HTTP status, when its body bears no `errorNumber`. */
export interface AnswerFacts {
  /** Name and port of the host that was asked. */
  readonly host: string;
  /** The body is neither empty nor JSON: this service never sends such a one. */
  readonly isForeign?: boolean;
  /** Where a redirect leads. */
  readonly location?: string;
  readonly tries?: number;
}

const checkPlace =
  "Check VPP_ENDPOINT, vpp:endpoint and HTTPS_PROXY, and whether a proxy or a login page stands between.";

/** The error for an HTTP status whose body says no more. */
export function errorForStatus(status: number, facts: AnswerFacts = { host: "the endpoint" }): VppError {
  const details = { status, tries: facts.tries };
  if (status >= 300 && status < 400) return redirected(status, facts);
  if ((status === 401 || status === 403) && !facts.isForeign) {
    return new VppError("VPP_AUTH_TOKEN_REFUSED", `the service does not accept the content token (HTTP ${status})`, {
      ...details,
      remedy: newToken,
    });
  }
  if (status === 429) {
    return new VppError("VPP_SERVICE_THROTTLED", "too many requests (HTTP 429)", { ...details, remedy: later });
  }
  if (status < 500) return notTheService(facts, `HTTP ${status}`, details);
  return new VppError("VPP_SERVICE_ERROR", `the service answered with HTTP ${status}`, { ...details, remedy: later });
}

/** The error for an answer that shows that somebody else is at the address. */
export function notTheService({ host, tries }: AnswerFacts, how: string, details: VppErrorDetails = {}): VppError {
  return new VppError("VPP_SERVICE_ANSWER", `what answers at ${host} is not Apple's service (${how})`, {
    ...details,
    tries,
    remedy: checkPlace,
  });
}

/** Only the origin is told: a path or a query can hold a secret. */
function redirected(status: number, { host, location, tries }: AnswerFacts): VppError {
  const base = `https://${host}`;
  const target = location !== undefined && URL.canParse(location, base) ? new URL(location, base) : undefined;
  const isShown = target !== undefined && /^https?:$/.test(target.protocol);
  const whither = isShown ? ` to ${target.host === host ? "another path" : target.origin}` : "";
  const why = `${host} answers with a redirect${whither} (HTTP ${status}), and no content token follows a redirect`;
  return new VppError("VPP_SERVICE_ANSWER", why, { status, tries, remedy: checkPlace });
}

/** The service does not know the content token; that it was once accepted is for others to know. */
export function isUnknownToken(error: unknown): boolean {
  const { code, details } = error as Partial<VppError>;
  if (code !== "VPP_AUTH_TOKEN_REFUSED" || details === undefined) return false;
  return details.serviceCode === 9622 || details.serviceCode === 9601 || details.status === 401;
}

/**
 * Whether an error says that the content token is dead: expired, revoked or no longer accepted. A token that was never accepted
 * (`wasAccepted` is false) can't have died: that it is not known says only that it is the wrong one.
 */
export function deadTokenStatus(error: unknown, wasAccepted = true): "expired" | "revoked" | undefined {
  const { code } = error as Partial<VppError>;
  if (code === "VPP_AUTH_TOKEN_EXPIRED") return "expired";
  if (code === "VPP_AUTH_TOKEN_REVOKED") return "revoked";
  return wasAccepted && isUnknownToken(error) ? "revoked" : undefined;
}

/** The error for a content token that was never accepted here: an error in the set-up, not the end of a token. */
export function neverAccepted(error: unknown): unknown {
  if (!isUnknownToken(error)) return error;
  const { code, details } = error as VppError;
  // What was added to the usual remedy holds here, too.
  const hint = details.remedy?.startsWith(newToken) ? details.remedy.slice(newToken.length) : "";
  return new VppError(code, "the service does not know this content token, which was never used here before", {
    ...details,
    remedy:
      "Check that it is the whole file of the organizational unit that you mean, from the service that VPP_ENDPOINT or vpp:endpoint names, " +
      "and that no newer one has been downloaded and the account's password has not been changed since." +
      hint,
  });
}

/** A body that was understood: an object that is an answer, or one that is an error. */
export type ParsedBody =
  | { readonly kind: "answer"; readonly body: Json }
  | { readonly kind: "error"; readonly errorNumber: number; readonly errorMessage?: string }
  /** `isForeign`: it is no JSON at all, and not the beginning of some. */
  | { readonly kind: "unreadable"; readonly isForeign: boolean };

/** Reads a body before anything else is looked at: an `errorNumber` is an error whatever the HTTP status. */
export function parseBody(text: string): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "unreadable", isForeign: text.trim() !== "" && !/^\s*[{[]/.test(text) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { kind: "unreadable", isForeign: false };
  const body = value as Json;
  const { errorMessage } = body;
  const errorNumber = numberOf(body.errorNumber ?? 0);
  if (errorNumber === undefined) return { kind: "unreadable", isForeign: false };
  if (errorNumber === 0) return { kind: "answer", body };
  return { kind: "error", errorNumber, ...(typeof errorMessage === "string" && { errorMessage }) };
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "string" && /^\d{1,9}$/.test(value)) return Number(value);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
