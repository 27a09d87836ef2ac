import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { VppError } from "../errors";
import { trimInvisible } from "../oddCharacters";
import { holdsContentToken } from "../redact";

/** A content token that was found and could be read. Its text is a secret and leaves this object only as the credential of a request. */
export interface Credential {
  readonly text: string;
  /** First 12 hexadecimal digits of the text's SHA-256; tells tokens apart without showing them. */
  readonly fingerprint: string;
  readonly expiresAt: Date;
  readonly organizationName: string;
  /** Configuration can be that of the last `up`; the environment is always today's. */
  readonly source: "environment" | "configuration";
}

/** No content token has near as many characters; a request could not bear one that has. */
export const longestToken = 8192;

/** First 12 hexadecimal digits of a token's SHA-256. */
export function fingerprintOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** Where the text of a content token and the path of its file belong, as far as a message names it: a variable or a key of the configuration. */
export interface TokenPlaces {
  readonly text: string;
  readonly path: string;
}

/** Refuses a token's text where a path belongs; nothing of it is told. */
export function refuseTextForPath(given: string, { text, path }: TokenPlaces): void {
  if (!holdsContentToken(given)) return;
  throw new VppError("VPP_CONFIG_TOKEN_UNREADABLE", `${path} holds a token's text, not a path`, {
    remedy: `Set ${text} to the text instead, or ${path} to the path of the .vpptoken file.`,
  });
}

/** Refuses a path where a token's text belongs. It may be part of a mistyped secret, so it is not told either. */
export function refusePathForText(given: string, { text, path }: TokenPlaces): void {
  if (!isPath(given.trim())) return;
  throw new VppError("VPP_CONFIG_TOKEN_UNREADABLE", `${text} holds a path, not a token's text`, {
    remedy: `Set ${path} to the path instead, or ${text} to what is in the file.`,
  });
}

const longestPath = 4096;

function isPath(given: string): boolean {
  if (given === "" || given.length > longestPath || holdsContentToken(given)) return false;
  if (/^(?:~|\.{1,2})?[/\\]\S|^[A-Za-z]:[/\\]|^file:|\.(?:vpptoken|txt)$/i.test(given)) return !/^\/\//.test(given);
  return !given.includes("\0") && !/^[A-Za-z0-9+/]{64,}/.test(given) && existsSync(given);
}

/** Reads the text of a `.vpptoken` file: Base64 of JSON with `token`, `expDate` and `orgName`. `where` names its place in errors. */
export function parseContentToken(text: string, where: string, source: Credential["source"]): Credential {
  const trimmed = trimInvisible(text);
  const refuse = (why: string): VppError =>
    new VppError("VPP_CONFIG_TOKEN_UNREADABLE", `the content token ${where} can't be read: ${why}`, {
      remedy: "Use the .vpptoken file as Apple Business or Apple School Manager gives it, unchanged.",
    });
  if (trimmed === "") throw refuse("it is empty");
  if (text.length > longestToken) throw refuse(`it has more than ${longestToken} characters`);
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(trimmed)) throw refuse("it is not Base64 text");
  let fields: unknown;
  try {
    fields = JSON.parse(Buffer.from(trimmed, "base64").toString("utf8"));
  } catch {
    throw refuse("it is Base64, but not of JSON");
  }
  const { token, expDate, orgName } = (typeof fields === "object" && fields !== null ? fields : {}) as Record<
    string,
    unknown
  >;
  if (typeof token !== "string" || token === "") throw refuse("it holds no field “token”");
  const expiresAt = typeof expDate === "string" ? parseAppleDate(expDate) : undefined;
  if (expiresAt === undefined) throw refuse("its field “expDate” is not a date");
  return {
    text: trimmed.replace(/\s+/g, ""),
    fingerprint: fingerprintOf(trimmed.replace(/\s+/g, "")),
    expiresAt,
    organizationName: typeof orgName === "string" ? orgName : "",
    source,
  };
}

/** A date as Apple writes it: ISO 8601 whose offset may lack its colon. */
export function parseAppleDate(text: string): Date | undefined {
  const date = new Date(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
