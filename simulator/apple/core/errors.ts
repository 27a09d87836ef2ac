import type { ErrorInfo } from "./error-info";

interface ErrorKind {
  readonly status: number;
  readonly message: string;
}

/** The service's error numbers with the HTTP status of a refusal; 200 stands for errors that only come later on. */
const ERRORS: Readonly<Record<number, ErrorKind>> = {
  9601: { status: 401, message: "Login is required." },
  9602: { status: 400, message: "An argument is not valid." },
  9603: { status: 500, message: "An internal error occurred." },
  9609: { status: 400, message: "A registered user with this clientUserId was not found." },
  9621: { status: 401, message: "The content token has expired." },
  9622: { status: 200, message: "The content token is not valid." },
  9623: { status: 400, message: "The push token is not valid." },
  9625: { status: 401, message: "The content token has been revoked." },
  9634: { status: 410, message: "The service has been removed." },
  9635: { status: 200, message: "The Apple Account cannot be linked to this user." },
  9637: { status: 403, message: "This operation is not allowed for this account." },
  9641: { status: 200, message: "The Apple Account is already linked to another user." },
  9644: { status: 200, message: "The service is in maintenance." },
  9646: { status: 429, message: "There are too many requests for this organization. Try again later." },
  9647: { status: 403, message: "This operation is not supported for legacy tokens." },
  9650: { status: 400, message: "The page index is out of range." },
  9700: { status: 400, message: "There are too many assets in the request." },
  9701: { status: 400, message: "There are too many client user ids in the request." },
  9702: { status: 400, message: "There are too many serial numbers in the request." },
  9703: { status: 400, message: "There are duplicate assets in the request." },
  9704: { status: 400, message: "There are duplicate client user ids in the request." },
  9705: { status: 400, message: "There are duplicate serial numbers in the request." },
  9706: { status: 400, message: "An asset is not revocable." },
  9707: { status: 400, message: "An asset is not device assignable." },
  9708: { status: 400, message: "There is no event with this id." },
  9709: { status: 200, message: "There are not enough licenses available for an asset." },
  9710: { status: 400, message: "The notification URL and the notification token must be given together." },
  9711: { status: 400, message: "The notification URL or the notification token is too long." },
  9712: { status: 400, message: "The notification URL is not valid or not HTTPS." },
  9713: { status: 400, message: "The metadata of mdmInfo is too long." },
  9714: { status: 400, message: "There are too many users in the request." },
  9715: { status: 400, message: "There are duplicate users in the request." },
  9716: { status: 200, message: "There is already an active user with this clientUserId." },
  9717: { status: 400, message: "An email address is not valid." },
  9718: { status: 400, message: "At least one asset is required." },
  9719: { status: 400, message: "At least one client user id or serial number is required." },
  9720: { status: 400, message: "At least one user is required." },
  9721: { status: 400, message: "The version id is not valid." },
  9722: { status: 401, message: "The Authorization header is malformed." },
  9723: { status: 400, message: "The mdmInfo needs an id, a name and metadata." },
  9724: { status: 400, message: "The id of mdmInfo is too long." },
  9725: { status: 400, message: "The name of mdmInfo is too long." },
  9726: { status: 405, message: "The method is not supported." },
  9727: { status: 415, message: "The content type is not supported." },
  9728: { status: 400, message: "The notification URL cannot be reached." },
  9729: { status: 503, message: "The service is temporarily unavailable." },
  9811: { status: 400, message: "The association of the subscription is not valid." },
  9812: { status: 400, message: "The cursor is not valid." },
  9813: { status: 400, message: "The Adam ID is not valid." },
  9814: { status: 400, message: "There is no associated user with this clientUserId." },
  9815: { status: 400, message: "The user does not hold this Adam ID." },
  9816: { status: 400, message: "There are too many subscriptions in the request." },
  9817: { status: 400, message: "The user already has the subscription through a group." },
  9818: { status: 400, message: "Subscription management cannot be disabled while there are subscriptions." },
};

/** The numbers which only other pages define; those of subscriptions only come by a fault. */
const PUBLISHED_APART = new Set([
  ...[9622, 9623, 9635, 9637, 9641, 9644, 9647, 9729],
  ...[9811, 9812, 9813, 9814, 9815, 9816, 9817, 9818],
]);

/** The message that goes with an error number. */
export function errorMessage(errorNumber: number): string {
  return ERRORS[errorNumber]?.message ?? "An unknown error occurred.";
}

/** The list of errors in service/config. Apple's leaves out some numbers which only other pages define. */
export function publishedErrors(): { errorNumber: number; errorMessage: string }[] {
  return Object.keys(ERRORS)
    .map(Number)
    .filter((errorNumber) => !PUBLISHED_APART.has(errorNumber))
    .map((errorNumber) => ({ errorNumber, errorMessage: errorMessage(errorNumber) }));
}

/** What else goes into a refusal. */
export interface RefusalDetails {
  /** The HTTP status, when it is not the usual one of the error number. */
  readonly status?: number;
  readonly errorInfo?: ErrorInfo;
  /** Additional headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is refused at once: nothing of it was processed. */
export class Refusal extends Error {
  readonly errorNumber: number;
  readonly status: number;
  readonly errorInfo: ErrorInfo | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(errorNumber: number, details: RefusalDetails = {}) {
    super(errorMessage(errorNumber));
    this.name = "Refusal";
    this.errorNumber = errorNumber;
    this.status = details.status ?? ERRORS[errorNumber]?.status ?? 500;
    this.errorInfo = details.errorInfo;
    this.headers = details.headers ?? {};
  }

  /** The body of the answer. */
  body(): object {
    return {
      errorNumber: this.errorNumber,
      errorMessage: this.message,
      ...(this.errorInfo !== undefined && { errorInfo: this.errorInfo }),
    };
  }
}
