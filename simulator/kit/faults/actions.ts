/** What goes wrong with a request. */
export type RequestAction =
  /** The request is only looked at after a while; then everything goes its usual way. */
  | { readonly type: "delay"; readonly ms: number }
  /** Nothing is done, and no answer comes until the client gives up. */
  | { readonly type: "hang" }
  /** Nothing is done, and the connection breaks. */
  | { readonly type: "reset" }
  /** The work is done, and the connection breaks without an answer. */
  | { readonly type: "lose-answer" }
  /** The work is done, and the connection breaks in the middle of the answer, whose length was announced. */
  | { readonly type: "truncate" }
  | ({ readonly type: "status" } & StatusFields & AnswerFields)
  /** A web page where JSON is expected, with the content type of JSON. */
  | ({ readonly type: "non-json"; readonly status?: number } & AnswerFields);

interface StatusFields {
  readonly status: number;
  /** The body: a text as it is, anything else as JSON; nothing when left out. */
  readonly body?: unknown;
  /** Its content type; JSON or HTML by its looks when left out. */
  readonly contentType?: string;
}

/** What can be said of an answer that takes the place of the service's. */
export interface AnswerFields {
  /** The header `Retry-After`: a number of seconds, or a text as it is. */
  readonly retryAfter?: number | string;
  /** Whether the work is done all the same, and only the answer is another. */
  readonly workDone?: boolean;
}
