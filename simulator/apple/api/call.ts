import type { Library } from "../core/library";
import type { MdmInfo } from "../core/library-data";
import { serviceDate } from "../core/service-date";
import type { ContentToken } from "../core/tokens";
import type { World } from "../core/world";
import type { Query } from "./query";

const FIFTEEN_DAYS_MS = 15 * 24 * 60 * 60 * 1000;

/** What goes differently with a page than it should. */
export interface PageTrouble {
  /** It bears the records of the page before, and says that it is the one asked for or the one it repeats. */
  readonly repeats?: "asked" | "repeated";
  /** The list gets another `versionId` first. */
  readonly moves?: boolean;
}

/** A request that passed all checks that concern every endpoint. */
export interface Call {
  readonly world: World;
  readonly library: Library;
  readonly token: ContentToken;
  readonly query: Query;
  /** The parsed JSON body of a write; an empty object for a read. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What is to go wrong if it reads a list. */
  readonly trouble: PageTrouble;
}

/** The mark a request sees: the library's, or in one reading that of its token. */
export function markOf({ world, library, token }: Call): MdmInfo | undefined {
  return world.settings.readings["mdm-info-scope"] === "token" ? token.mdmInfo : library.mdmInfo;
}

/** Stores a mark, or clears it. */
export function setMark({ world, library, token }: Call, mark: MdmInfo | undefined): void {
  if (world.settings.readings["mdm-info-scope"] === "token") {
    token.mdmInfo = mark;
  } else {
    library.mdmInfo = mark;
  }
}

/** Adds what every authenticated success answer bears: the library's id, the token's expiry, and the mark once set. */
export function envelope(call: Call, fields: object, kind: "list" | "other" = "other"): object {
  const { readings } = call.world.settings;
  const { expiresAt } = call.token;
  const mdmInfo = markOf(call);
  const showsExpiry =
    readings["token-expiration"] === "always" || expiresAt - call.world.clock.now() <= FIFTEEN_DAYS_MS;
  const showsMark = kind === "other" || readings["mdm-info-in-lists"] === "present";
  return {
    ...fields,
    uId: call.library.identity.libraryId,
    ...(showsExpiry && { tokenExpirationDate: serviceDate(expiresAt) }),
    ...(showsMark && mdmInfo !== undefined && { mdmInfo }),
    ...(showsMark && mdmInfo === undefined && readings["mdm-info-unset"] === "null" && { mdmInfo: null }),
  };
}
