import type { ReadingName } from "./core/readings";

/** One thing nobody has confirmed about the service, and what the simulator makes of it. */
export interface Unknown {
  readonly question: string;
  /** What the simulator does when nobody chooses. */
  readonly answer: string;
  /** The readings that choose another answer. */
  readonly readings: readonly ReadingName[];
  /** The options of the command that choose another answer, where it is a number. */
  readonly options?: readonly `--${string}`[];
}

/** What is not known of Apple's service from public sources: do not take the simulator's word for it. */
export const UNKNOWNS: readonly Unknown[] = [
  {
    question:
      "Do the answers of lists and of status bear mdmInfo? The documentation says so; no recorded answer shows it.",
    answer: "They do, once it is set.",
    readings: ["mdm-info-in-lists", "mdm-info-unset"],
  },
  {
    question: "Does mdmInfo belong to a token or to its library, can it be cleared, and may its fields be empty?",
    answer: "To the library; a null is ignored, and empty texts are taken. _control/holder clears it.",
    readings: ["mdm-info-scope", "mdm-info-null", "mdm-info-empty"],
  },
  {
    question: "What does POST client/config do to settings it leaves out, and what does it answer?",
    answer: "They are kept, and the answer is that of GET. A write without any body is refused.",
    readings: ["client-config-omitted", "client-config-answer", "empty-body"],
  },
  {
    question: "Does client/config bear apnToken, which is not documented? One recorded answer of 2023 does.",
    answer: "It does not.",
    readings: ["apn-token"],
  },
  {
    question:
      "When is the test notification sent again, how long may a receiver take, and how does a subscription end?",
    answer: "Only when a receiver is named; --notification-timeout; with an empty list of types.",
    readings: ["test-notification", "no-notification-types"],
  },
  {
    question:
      "When licences do not suffice (9709): does nobody get one, or as many as there are; and what does the error name?",
    answer: "For each asset nobody gets one; one failure names all assets and targets concerned.",
    readings: ["9709", "9709-info"],
  },
  {
    question: "Are unknown users (9609) refused at once or failed later, and does a list filtered by one fail?",
    answer: "Later, as in Apple's sample, in which all of a request are unknown; the list is empty.",
    readings: ["9609", "unknown-user-filter"],
  },
  {
    question:
      "What becomes of retired users in requests: are they like users nobody ever had, and can they retire again?",
    answer: "They are like unknown ones (9609).",
    readings: ["retired-user", "retire-retired"],
  },
  {
    question: "What happens when a licence is given that is held, or taken back that is not held?",
    answer: "The task succeeds without effect, and counts as completed.",
    readings: ["no-op"],
  },
  {
    question: "Which error answers an adamId the library does not own?",
    answer: "9602 at once.",
    readings: ["unknown-asset"],
  },
  {
    question: "What do numRequested and numCompleted of a revoke count?",
    answer: "Licences.",
    readings: ["revoke-count"],
  },
  {
    question: "How long can an event be asked for, and by whom?",
    answer: "The last 20,000 of a library, with each of its tokens. The fault event-forgotten forgets one.",
    readings: ["event-scope"],
  },
  {
    question:
      "How does a licence that was taken back appear in a read with sinceVersionId, how old may that be, and do filters hold?",
    answer: "It does not appear; the last 10,000 versions are known; filters hold.",
    readings: ["delta-removals", "delta-filters"],
  },
  {
    question: "Do lists and counts show a change as soon as its event is COMPLETE?",
    answer: "They do.",
    readings: [],
    options: ["--lag"],
  },
  {
    question: "What is availableCount when licences are refunded that somebody holds?",
    answer: "Below 0: in all of Apple's examples what is assigned and what is available add up to the total.",
    readings: ["negative-available"],
  },
  {
    question: "How many records has a page, and what does an empty list look like?",
    answer: "1000 (--page-size); an empty array, and totalPages is 1.",
    readings: ["empty-total-pages", "empty-arrays"],
  },
  {
    question:
      "What do deviceAssignable=false, revocable=false, includeRetired=0, managedAppleId=ADDRESS and unknown parameters do?",
    answer: "The first two select the other assets; the rest is ignored.",
    readings: ["false-filters", "include-retired", "managed-apple-id-filter", "unknown-parameter"],
  },
  {
    question:
      "What are today's limits, over which time and for whom is the rate counted, and does 429 bear Retry-After?",
    answer: "Apple's published examples (--limits); any second, per library, without what is refused; it does.",
    readings: ["rate-window", "rate-scope", "rate-refused", "retry-after"],
  },
  {
    question:
      "Which HTTP status do errors really have? 200 was observed for an unknown token (9622), and one client says so of a malformed header (9722).",
    answer: "The documented ones, and 200 for 9622.",
    readings: ["error-status", "9622-status", "9722-status"],
  },
  {
    question: "Which error answers a request without Authorization header?",
    answer: "9722.",
    readings: ["missing-header"],
  },
  {
    question:
      "What is an UNLIMITED_ASSET notification? In which order, from where and how patiently are notifications sent?",
    answer:
      "It can be subscribed to and is never sent. Four at once, redirects not followed; see --notification-timeout.",
    readings: [],
  },
  {
    question: "What does retiring a user do to licences, which of them are retiredCount, and when is a user Deleted?",
    answer:
      "Revocable ones return, others stay and are counted outside totalCount; Deleted once the account is linked anew.",
    readings: ["retire-licences", "retired-count", "deleted-users"],
  },
  {
    question: "Which error does a write with a read-only token get, and does an old token live on beside a new one?",
    answer: "9637; it does. _control/tokens revokes it, and can renew it in one step.",
    readings: [],
  },
  {
    question: "Must a token be sent as the very text that was downloaded? One client encodes its JSON anew.",
    answer: "It must.",
    readings: ["token-comparison"],
  },
  {
    question: "When do answers bear tokenExpirationDate? A guide says in the last 15 days, everything else always.",
    answer: "Always.",
    readings: ["token-expiration"],
  },
  {
    question: "How long may a clientUserId be, of which characters, and does case matter in ids and serial numbers?",
    answer: "Any text that is not empty; it does.",
    readings: ["serial-case"],
  },
  {
    question: "Which pricing is meant when pricingParam is left out?",
    answer: "STDQ.",
    readings: ["default-pricing"],
  },
  {
    question: "May one request name both users and devices? Apple's examples do, one client's makers say it fails.",
    answer: "It may.",
    readings: ["both-targets"],
  },
  {
    question: "Do length limits count characters or bytes?",
    answer: "Characters.",
    readings: ["length-unit"],
  },
  {
    question: "How do in-app purchases and the objects of subscriptions look?",
    answer: "They are left out.",
    readings: [],
  },
  {
    question: "Is there any state of agreements that a user has to accept first?",
    answer: "There is none.",
    readings: [],
  },
];
