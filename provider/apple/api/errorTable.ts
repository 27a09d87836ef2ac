import type { VppErrorCode } from "../../errors";

/** What an `errorNumber` of the service means, in our own words, since the service's wording differs from page to page. */
export interface ApiError {
  readonly code: VppErrorCode;
  /** Why a request failed, to follow a colon. */
  readonly why: string;
  /** Why one product or one person was left out of a request that was accepted; `why` unless given. */
  readonly ofPart?: string;
  /** The code for that; VPP_SERVICE_PARTIAL unless given. */
  readonly codeOfPart?: VppErrorCode;
  /** What to do, in whole sentences. */
  readonly remedy: string;
  /** It speaks of the service's own state: nothing was done, and asking again can help. */
  readonly isRetryable?: true;
}

/** What to do about a content token that is dead. */
export const newToken =
  "Download a new content token for the same organizational unit from Apple, put it in place of the old one and run `pulumi up`.";
/** What to do about what passes. */
export const later = "Wait a while, then run the same command again.";
const report = "Please report this: the provider should not have sent such a request.";
const limitsMoved =
  "Run the same command again: it reads the service's limits first. If it is refused again, please report this.";

/** What to do about a refusal of which nobody knows more. */
export const refusedAgain =
  "Run the same command again; if it is refused again, look this number up in Apple's documentation of App and Book Management.";

const table: Readonly<Record<number, ApiError>> = {
  9601: { code: "VPP_AUTH_TOKEN_REFUSED", why: "the service asks for a login", remedy: newToken },
  9602: { code: "VPP_SERVICE_ERROR", why: "the service takes one of the values for invalid", remedy: refusedAgain },
  9603: { code: "VPP_SERVICE_ERROR", why: "the service had an internal error", remedy: later, isRetryable: true },
  9609: {
    code: "VPP_SERVICE_ERROR",
    codeOfPart: "VPP_INPUT_UNKNOWN_USER",
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
  9635: {
    code: "VPP_SERVICE_ERROR",
    why: "the Managed Apple Account can't be linked (it is not of this organization, or does not exist)",
    remedy: "Correct managedAppleId, then run `pulumi up` again.",
  },
  9637: {
    code: "VPP_AUTH_TOKEN_REFUSED",
    why: "the content token's account may not do this",
    remedy: "Use a content token made by a content manager who can manage licences.",
  },
  9641: {
    code: "VPP_SERVICE_ERROR",
    why: "the Managed Apple Account is linked to another user already",
    remedy: "Correct managedAppleId, or retire the other user, then run `pulumi up` again.",
  },
  9644: { code: "VPP_SERVICE_ERROR", why: "the service is under maintenance", remedy: later, isRetryable: true },
  9646: {
    code: "VPP_SERVICE_THROTTLED",
    why: "too many requests for this organization",
    remedy: later,
    isRetryable: true,
  },
  9647: {
    code: "VPP_AUTH_TOKEN_REFUSED",
    why: "the service does not support tokens of this old kind",
    remedy: newToken,
  },
  9650: { code: "VPP_SERVICE_ERROR", why: "the list has no such page any more", remedy: later },
  9700: {
    code: "VPP_SERVICE_ERROR",
    why: "the request names more products than the service allows",
    remedy: limitsMoved,
  },
  9701: {
    code: "VPP_SERVICE_ERROR",
    why: "the request names more people than the service allows",
    remedy: limitsMoved,
  },
  9702: {
    code: "VPP_SERVICE_ERROR",
    why: "the request names more devices than the service allows",
    remedy: limitsMoved,
  },
  9703: { code: "VPP_SERVICE_ERROR", why: "the request names a product twice", remedy: report },
  9704: { code: "VPP_SERVICE_ERROR", why: "the request names a person twice", remedy: report },
  9705: { code: "VPP_SERVICE_ERROR", why: "the request names a device twice", remedy: report },
  9706: {
    code: "VPP_SERVICE_ERROR",
    why: "one of the products can't be taken back",
    ofPart: "it can't be taken back",
    remedy:
      "A book stays with its reader, and so does a product that has left the library. Run the same command again: it looks first at what can be taken back.",
  },
  9707: {
    code: "VPP_SERVICE_ERROR",
    why: "one of the products can't be given to devices",
    ofPart: "it can't be given to devices",
    remedy: "Give it to people, with clientUserIds in an assignment of its own.",
  },
  9708: {
    code: "VPP_SERVICE_ERROR",
    why: "the service knows no such event",
    remedy: "Run `pulumi up` again: it looks first at what is there.",
  },
  9709: {
    code: "VPP_LIMIT_NO_LICENSES",
    codeOfPart: "VPP_LIMIT_NO_LICENSES",
    why: "the library has not enough licences left",
    ofPart: "none left",
    remedy: "Buy or free licences, then run `pulumi up` again.",
  },
  9714: {
    code: "VPP_SERVICE_ERROR",
    why: "the request names more people than the service allows",
    remedy: limitsMoved,
  },
  9715: { code: "VPP_SERVICE_ERROR", why: "the request names a person twice", remedy: report },
  9716: {
    code: "VPP_SERVICE_ERROR",
    why: "an active user with that clientUserId is there already",
    remedy: "Run `pulumi up` again: it looks first at who is there.",
  },
  9717: {
    code: "VPP_SERVICE_ERROR",
    why: "an e-mail address is not accepted",
    ofPart: "the e-mail address is not accepted",
    remedy: "Correct the address, then run `pulumi up` again.",
  },
  9718: { code: "VPP_SERVICE_ERROR", why: "the request names no product", remedy: report },
  9719: { code: "VPP_SERVICE_ERROR", why: "the request names no device and no person", remedy: report },
  9720: { code: "VPP_SERVICE_ERROR", why: "the request names no person", remedy: report },
  9722: { code: "VPP_AUTH_TOKEN_REFUSED", why: "the service can't read the content token", remedy: newToken },
  9729: {
    code: "VPP_SERVICE_ERROR",
    why: "the service is unavailable for the moment",
    remedy: later,
    isRetryable: true,
  },
};

/** What we know of an `errorNumber`; new ones can come at any time. */
export function apiErrorOf(errorNumber: number): ApiError | undefined {
  return table[errorNumber];
}

/** Whether an `errorNumber` speaks of the service's own state, not of what was asked for. */
export function isRetryable(errorNumber: number): boolean {
  return table[errorNumber]?.isRetryable === true;
}

/** Why one product or one person was left out of a request that was accepted. */
export function wordsOfPart(errorNumber: number): string {
  const entry = table[errorNumber];
  return entry?.ofPart ?? entry?.why ?? "the service refused";
}

/** The code for that. */
export function codeOfPart(errorNumber: number): VppErrorCode {
  return table[errorNumber]?.codeOfPart ?? "VPP_SERVICE_PARTIAL";
}

/** What to do about that, where it is not simply to run the same command again. */
export function remedyOfPart(errorNumber: number): string | undefined {
  const entry = table[errorNumber];
  return entry === undefined ? refusedAgain : entry.isRetryable ? undefined : entry.remedy;
}
