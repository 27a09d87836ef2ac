import type {
  AssetRef,
  ClientConfigAnswer,
  CommonAnswer,
  EventAnswer,
  MdmInfo,
  PageAnswer,
  ServiceConfigAnswer,
  StatusAnswer,
  WireAsset,
  WireAssignment,
  WireFailure,
  WireUser,
} from "./wire";

/**
 * What may be believed of an answer. Each reader takes JSON as it came and gives back only the fields that we know, each of its type: a
 * field that is absent or null is left out, an unknown one is dropped, and one of another type makes the whole answer unreadable, because
 * a write must never rest on half of an answer. Readers throw {@link Misshapen}, whose message names the place and never the value.
 */
export class Misshapen extends Error {}

/** A JSON object as it came. */
export type Json = Readonly<Record<string, unknown>>;

/** Longer texts are cut: they are for people, and nobody reads more. */
const longestPhrase = 1000;
/** No id or number of the service comes near it. */
const longestId = 1000;

/** What every answer about a library bears. */
export function commonOf(body: Json): CommonAnswer {
  const mdmInfo = markOf(body.mdmInfo);
  return { uId: id(body, "uId"), ...(mdmInfo && { mdmInfo }) };
}

/** An answer of `client/config`. */
export function clientConfigOf(body: Json): ClientConfigAnswer {
  return {
    ...commonOf(body),
    countryISO2ACode: phrase(body, "countryISO2ACode"),
    defaultPlatform: phrase(body, "defaultPlatform"),
    locationName: phrase(body, "locationName"),
    organizationName: phrase(body, "organizationName"),
  };
}

/** An answer of `service/config`: limits that are whole numbers above zero, and addresses. The others count as not told. */
export function serviceConfigOf(body: Json): ServiceConfigAnswer {
  const isLimit = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
  const isAddress = (value: unknown): value is string => typeof value === "string";
  return { limits: only(isLimit, body.limits, "limits"), urls: only(isAddress, body.urls, "urls") };
}

/** The fields by which pages hang together. */
export function pageOf(body: Json): PageAnswer {
  return {
    ...commonOf(body),
    currentPageIndex: count(body, "currentPageIndex"),
    nextPageIndex: count(body, "nextPageIndex"),
    totalPages: count(body, "totalPages"),
    size: count(body, "size"),
    versionId: id(body, "versionId"),
  };
}

/** The records of a page, each read by `read`; undefined if the page has no list. */
export function recordsOf<T>(body: Json, field: string, read: (item: Json) => T): T[] | undefined {
  return list(body[field], field)?.map((item) => read(object(item, `a record of ${field}`) ?? missing(field)));
}

/** A product of a library. */
export function assetOf(item: Json): WireAsset {
  return {
    ...refOf(item),
    productType: phrase(item, "productType"),
    deviceAssignable: flag(item, "deviceAssignable"),
    revocable: flag(item, "revocable"),
    supportedPlatforms: texts(item.supportedPlatforms, "supportedPlatforms"),
    // Taken for none, it would let licences that are to be taken back be forgotten.
    assignedCount: count(item, "assignedCount") ?? missing("assignedCount"),
    availableCount: whole(item, "availableCount"),
    retiredCount: count(item, "retiredCount"),
    totalCount: count(item, "totalCount"),
  };
}

/** What a licence says beside its target. */
const notTargets = new Set(["adamId", "pricingParam", "idHash", "userStatus"]);

/** A licence. One that names a target of a kind that came later is nobody's whom we know, and counts all the same. */
export function assignmentOf(item: Json): WireAssignment {
  const serialNumber = id(item, "serialNumber");
  const clientUserId = id(item, "clientUserId");
  if (serialNumber === undefined && clientUserId === undefined && namesAnother(item)) return refOf(item);
  if ((serialNumber === undefined) === (clientUserId === undefined))
    throw new Misshapen("a licence has not exactly one of serialNumber and clientUserId");
  return { ...refOf(item), ...(serialNumber === undefined ? { clientUserId } : { serialNumber }) };
}

function namesAnother(item: Json): boolean {
  return Object.entries(item).some(
    ([name, value]) => !notTargets.has(name) && typeof value === "string" && value !== "",
  );
}

/** A user's record. */
export function userOf(item: Json): WireUser {
  const email = phrase(item, "email");
  const inviteCode = phrase(item, "inviteCode");
  const idHash = phrase(item, "idHash");
  return {
    clientUserId: id(item, "clientUserId") ?? missing("clientUserId"),
    status: id(item, "status") ?? missing("status"),
    ...(email !== undefined && { email }),
    ...(inviteCode !== undefined && { inviteCode }),
    ...(idHash !== undefined && { idHash }),
  };
}

/** The answer of a write that was accepted. */
export function eventOf(body: Json): EventAnswer {
  return { ...commonOf(body), eventId: id(body, "eventId") };
}

/** How far an accepted write is. */
export function statusOf(body: Json): StatusAnswer {
  const failures = recordsOf(body, "failures", failureOf);
  return {
    ...commonOf(body),
    eventStatus: id(body, "eventStatus") ?? missing("eventStatus"),
    numRequested: count(body, "numRequested"),
    numCompleted: count(body, "numCompleted"),
    ...(failures && { failures }),
  };
}

function failureOf(item: Json): WireFailure {
  const info = object(item.errorInfo, "errorInfo");
  const { errorMessage } = item;
  return {
    errorNumber: whole(item, "errorNumber"),
    ...(typeof errorMessage === "string" && { errorMessage }),
    ...(info && {
      errorInfo: {
        assets: recordsOf(info, "assets", refOf),
        clientUserIds: texts(info.clientUserIds, "clientUserIds"),
        serialNumbers: texts(info.serialNumbers, "serialNumbers")?.map((serial) => serial.toUpperCase()),
      },
    }),
  };
}

/** A mark without an id names nobody; one with a name all the same is somebody's, so it can't be taken for none. */
function markOf(value: unknown): MdmInfo | undefined {
  const mark = object(value, "mdmInfo");
  if (mark === undefined) return undefined;
  const name = phrase(mark, "name") ?? "";
  const metadata = phrase(mark, "metadata") ?? "";
  const markId = id(mark, "id");
  if (markId !== undefined) return { id: markId, name, metadata };
  return name + metadata === "" ? undefined : missing("mdmInfo.id");
}

function refOf(item: Json): AssetRef {
  const adamId = id(item, "adamId") ?? missing("adamId");
  const pricingParam = id(item, "pricingParam") ?? "STDQ";
  // Both become parts of keys, which are split again.
  if (!/^\d+$/.test(adamId)) throw new Misshapen("adamId is not a number in digits");
  if (!/^[\w.:-]+$/.test(pricingParam)) throw new Misshapen("pricingParam is not a word");
  return { adamId, pricingParam };
}

function only<T>(is: (value: unknown) => value is T, value: unknown, name: string): Record<string, T> {
  const entries = Object.entries(object(value, name) ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => is(entry[1])));
}

function missing(name: string): never {
  throw new Misshapen(`${name} is missing`);
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function object(value: unknown, name: string): Json | undefined {
  if (!given(value)) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw new Misshapen(`${name} is not an object`);
  return value as Json;
}

function list(value: unknown, name: string): readonly unknown[] | undefined {
  if (!given(value)) return undefined;
  if (!Array.isArray(value)) throw new Misshapen(`${name} is not a list`);
  return value as readonly unknown[];
}

function texts(value: unknown, name: string): string[] | undefined {
  return list(value, name)?.map((item) => {
    if (typeof item !== "string") throw new Misshapen(`${name} holds what is not a text`);
    return item.slice(0, longestId).toWellFormed();
  });
}

/** An id; an empty one counts as absent. */
function id(item: Json, name: string): string | undefined {
  const value = item[name];
  if (!given(value) || value === "") return undefined;
  if (typeof value !== "string") throw new Misshapen(`${name} is not a text`);
  if (value.length > longestId) throw new Misshapen(`${name} is longer than ${longestId} characters`);
  return value.toWellFormed();
}

function phrase(item: Json, name: string): string | undefined {
  const value = item[name];
  if (!given(value)) return undefined;
  if (typeof value !== "string") throw new Misshapen(`${name} is not a text`);
  return value.slice(0, longestPhrase).toWellFormed();
}

function flag(item: Json, name: string): boolean | undefined {
  const value = item[name];
  if (!given(value)) return undefined;
  if (typeof value !== "boolean") throw new Misshapen(`${name} is neither true nor false`);
  return value;
}

function whole(item: Json, name: string): number | undefined {
  const value = item[name];
  if (!given(value)) return undefined;
  if (!Number.isSafeInteger(value)) throw new Misshapen(`${name} is not a whole number`);
  return value as number;
}

function count(item: Json, name: string): number | undefined {
  const value = whole(item, name);
  if (value !== undefined && value < 0) throw new Misshapen(`${name} is below zero`);
  return value;
}
