import { redact, withoutSecrets } from "./redact";

/**
 * Every way in which the provider can fail, as a stable code. Match on the code, never on the text; codes are not renamed.
 *
 * - `VPP_CONFIG_…`: the run is set up wrongly (token missing or unreadable, endpoint not allowed, proxy not an address, package missing,
 *   temporary files that can't be written or read).
 * - `VPP_INPUT_…`: the program asks for something that can't be.
 * - `VPP_AUTH_…`: the service refuses the content token, or the library is not ours to change.
 * - `VPP_LIMIT_…`: licences run short, or a brake held.
 * - `VPP_SERVICE_…`: the service answered with an error or with something that can't be understood.
 * - `VPP_NETWORK_…`: no answer, or none in time.
 * - `VPP_RUN_…`: the run has ended, or was stopped.
 * - `VPP_BUG_…`: a fault of this provider.
 */
export type VppErrorCode =
  | "VPP_CONFIG_TOKEN_MISSING"
  | "VPP_CONFIG_TOKEN_UNREADABLE"
  | "VPP_CONFIG_TOKEN_KEYS_COLLIDE"
  | "VPP_CONFIG_ENDPOINT"
  | "VPP_CONFIG_PROXY"
  | "VPP_CONFIG_SETTING"
  | "VPP_CONFIG_PACKAGE"
  | "VPP_CONFIG_PLAN_MISSING"
  | "VPP_CONFIG_PLAN_UNWRITABLE"
  | "VPP_INPUT_INVALID"
  | "VPP_INPUT_CONFLICT"
  | "VPP_INPUT_NOT_OWNED"
  | "VPP_INPUT_UNKNOWN_USER"
  | "VPP_AUTH_TOKEN_EXPIRED"
  | "VPP_AUTH_TOKEN_REVOKED"
  | "VPP_AUTH_TOKEN_REFUSED"
  | "VPP_AUTH_OTHER_LIBRARY"
  | "VPP_AUTH_HELD_BY_ANOTHER"
  | "VPP_AUTH_NOT_BOUND"
  | "VPP_LIMIT_NO_LICENSES"
  | "VPP_LIMIT_BRAKE"
  | "VPP_SERVICE_ERROR"
  | "VPP_SERVICE_THROTTLED"
  | "VPP_SERVICE_ANSWER"
  | "VPP_SERVICE_PARTIAL"
  | "VPP_SERVICE_PENDING"
  | "VPP_NETWORK_UNREACHABLE"
  | "VPP_NETWORK_OUTCOME_UNKNOWN"
  | "VPP_RUN_STILL_WRITING"
  | "VPP_RUN_STOPPED"
  | "VPP_BUG_UNEXPECTED";

/** What an error can carry beside its code and its reason. */
export interface VppErrorDetails {
  /** What the user can do now, in whole sentences. */
  readonly remedy?: string;
  /** HTTP status of the answer, if there was one. */
  readonly status?: number;
  /** The service's `errorNumber`, if the answer had one. */
  readonly serviceCode?: number;
  /** The service's own words beside it, as they came; what is shown of them is made harmless. */
  readonly serviceText?: string;
  /** How often the request was tried, if more than once. */
  readonly tries?: number;
  /** It was a write, and the service may have done it all the same. */
  readonly mayBeDone?: true;
  /** What did not happen; without it the operation's own words are used. */
  readonly what?: string;
}

const marker = Symbol.for("pulumi-vpp.VppError");

/**
 * An expected failure. Its message is the reason alone; {@link describeFailure} makes the sentence that users see.
 * It never has a field `id`, because the host takes an error with an `id` for a half-made resource.
 */
export class VppError extends Error {
  readonly [marker] = true;
  /** Why it did not happen. Whatever was put into it, no secret is left in it. */
  readonly reason: string;
  readonly details: VppErrorDetails;

  constructor(
    readonly code: VppErrorCode,
    reason: string,
    details: VppErrorDetails = {},
  ) {
    super(withoutSecrets(reason));
    this.name = "VppError";
    this.reason = this.message;
    const { remedy, serviceText } = details;
    this.details = {
      ...details,
      ...(remedy !== undefined && { remedy: withoutSecrets(remedy) }),
      ...(serviceText !== undefined && { serviceText: redact(serviceText) }),
    };
  }
}

/** Tells whether a value is a {@link VppError}, also one of another copy of this package. */
export function isVppError(value: unknown): value is VppError {
  return typeof value === "object" && value !== null && marker in value;
}

/**
 * The service took at least one write and the rest failed. The engine keeps the resource with `properties` as its outputs, shows
 * `reasons`, and calls update on the next run. This is the one error class with an `id`.
 */
export class InitFailedError extends Error {
  readonly reasons: string[];

  constructor(
    readonly id: string,
    readonly properties: object,
    reasons: readonly string[],
  ) {
    const harmless = reasons.map(withoutSecrets);
    super(harmless[0] ?? "only a part was done");
    this.reasons = harmless;
    this.name = "InitFailedError";
  }
}

/** The sentence for the user: which resource, what did not happen, why, with codes, and what to do now. */
export function describeFailure(subject: string, operationFailed: string, error: VppError): string {
  const { remedy, what } = error.details;
  const sentence = `${subject}: ${what ?? operationFailed}: ${error.reason} (${codesOf(error)}).`;
  return withoutSecrets(remedy ? `${sentence} ${remedy}` : sentence);
}

/** What stands in brackets after a reason: our code, the service's number and text, and how often it was tried. */
export function codesOf({ code, details: { serviceCode, serviceText, tries } }: VppError): string {
  const told = serviceCode !== undefined && wordsOfService(serviceCode, serviceText);
  return [code, told, tries !== undefined && tries > 1 && `${tries} tries`].filter(Boolean).join(", ");
}

/** The service's number and, in its own words, what it says beside it: what its support will ask for. */
export function wordsOfService(errorNumber: number, text = ""): string {
  const shown = redact(text);
  return `service error ${errorNumber}${shown && ` “${shown}”`}`;
}
