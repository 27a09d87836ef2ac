import { VppError, type VppErrorCode } from "../../errors";
import { redact } from "../../redact";
import type { Json } from "./decode";

interface KnownError {
  readonly code: VppErrorCode;
  readonly why: string;
  readonly remedy?: string;
}

const newToken =
  "Download a new content token for the same organizational unit from Apple, put it in place of the old one and run `pulumi up`.";
const later = "Wait a while, then run the same command again.";
const refusedAgain =
  "Run the same command again; if it is refused again, look this number up in Apple's documentation of App and Book Management.";
const report = "Please report this: the provider should not have sent such a request.";

const known: Readonly<Record<number, KnownError>> = {
  9601: { code: "VPP_AUTH_TOKEN_REFUSED", why: "the service asks for a login", remedy: newToken },
  9603: { code: "VPP_SERVICE_ERROR", why: "the service had an internal error", remedy: later },
  9609: {
    code: "VPP_SERVICE_ERROR",
    why: "the service knows no active user with that clientUserId",
    remedy: "Register the user with a VppUserSet, or run `pulumi refresh` and `pulumi up`.",
  },
  9621: { code: "VPP_AUTH_TOKEN_EXPIRED", why: "the content token has expired", remedy: newToken },
  9622: {
    code: "VPP_AUTH_TOKEN_REFUSED",
    why: "the service does not accept the content token (a token dies when the account that made it changes its password)",
    remedy: newToken,
  },
  9625: { code: "VPP_AUTH_TOKEN_REVOKED", why: "the content token has been revoked", remedy: newToken },
  9634: {
    code: "VPP_SERVICE_ERROR",
    why: "the service no longer exists at this address",
    remedy: "Check VPP_ENDPOINT and vpp:endpoint; if neither is set, install a newer version of pulumi-vpp.",
  },
  9637: {
    code: "VPP_AUTH_TOKEN_REFUSED",
    why: "the content token's account may not do this",
    remedy: "Use a content token made by a content manager who can manage licences.",
  },
  9644: { code: "VPP_SERVICE_ERROR", why: "the service is under maintenance", remedy: later },
  9646: { code: "VPP_SERVICE_THROTTLED", why: "too many requests for this organization", remedy: later },
  9647: {
    code: "VPP_AUTH_TOKEN_REFUSED",
    why: "the service does not support tokens of this old kind",
    remedy: newToken,
  },
  9706: { code: "VPP_SERVICE_ERROR", why: "one of the products can't be taken back", remedy: report },
  9707: {
    code: "VPP_SERVICE_ERROR",
    why: "one of the products can't be given to devices",
    remedy: "Give it to people, with clientUserIds in an assignment of its own.",
  },
  9722: { code: "VPP_AUTH_TOKEN_REFUSED", why: "the service can't read the content token", remedy: newToken },
  9729: { code: "VPP_SERVICE_ERROR", why: "the service is unavailable for the moment", remedy: later },
};

/** The error for an `errorNumber`, with our own words where we have some, since the service's wording differs from page to page. */
export function errorForNumber(
  errorNumber: number,
  message: string | undefined,
  status?: number,
  tries?: number,
): VppError {
  const entry = known[errorNumber];
  const details = { status, serviceCode: errorNumber, tries };
  if (entry) return new VppError(entry.code, entry.why, { ...details, remedy: entry.remedy });
  const why = `the service refused the request${message ? ` (“${redact(message)}”)` : ""}`;
  return new VppError("VPP_SERVICE_ERROR", why, { ...details, remedy: refusedAgain });
}

/** The error for an HTTP status whose body says no more. */
export function errorForStatus(status: number, tries?: number): VppError {
  const details = { status, tries };
  if (status === 401 || status === 403) {
    return new VppError("VPP_AUTH_TOKEN_REFUSED", `the service does not accept the content token (HTTP ${status})`, {
      ...details,
      remedy: newToken,
    });
  }
  if (status === 429) {
    return new VppError("VPP_SERVICE_THROTTLED", "too many requests (HTTP 429)", { ...details, remedy: later });
  }
  return new VppError("VPP_SERVICE_ERROR", `the service answered with HTTP ${status}`, { ...details, remedy: later });
}

/** Whether an error says that the content token is dead: expired, revoked or no longer accepted. */
export function deadTokenStatus(error: unknown): "expired" | "revoked" | undefined {
  const { code, details } = error as Partial<VppError>;
  if (code === "VPP_AUTH_TOKEN_EXPIRED") return "expired";
  if (code === "VPP_AUTH_TOKEN_REVOKED") return "revoked";
  if (code !== "VPP_AUTH_TOKEN_REFUSED" || details === undefined) return undefined;
  return details.serviceCode === 9622 || details.serviceCode === 9601 || details.status === 401 ? "revoked" : undefined;
}

/** A body that was understood: an object that is an answer, or one that is an error. */
export type ParsedBody =
  | { readonly kind: "answer"; readonly body: Json }
  | { readonly kind: "error"; readonly errorNumber: number; readonly errorMessage?: string }
  | { readonly kind: "unreadable" };

/** Reads a body before anything else is looked at: an `errorNumber` is an error whatever the HTTP status. */
export function parseBody(text: string): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "unreadable" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { kind: "unreadable" };
  const body = value as Json;
  const { errorMessage } = body;
  const errorNumber = numberOf(body.errorNumber ?? 0);
  if (errorNumber === undefined) return { kind: "unreadable" };
  if (errorNumber === 0) return { kind: "answer", body };
  return { kind: "error", errorNumber, ...(typeof errorMessage === "string" && { errorMessage }) };
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "string" && /^\d{1,9}$/.test(value)) return Number(value);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
