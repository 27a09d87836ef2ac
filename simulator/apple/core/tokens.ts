import { createHash, randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import type { WorldChange } from "./changes";
import type { Library } from "./library";
import type { MdmInfo } from "./library-data";
import { serviceDate } from "./service-date";
import type { TokenInput, TokenRecord } from "./token-record";

/** How long a new content token is valid, in milliseconds: Apple documents one year. */
export const TOKEN_LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;

/** What a credential that was encoded anew looks like. */
const ENCODED = /[A-Za-z0-9+/_-]{100,}={0,2}/g;

/** A content token: one Base64 text of JSON, which is the credential. The text itself is not shown by accident. */
export class ContentToken {
  readonly name: string;
  readonly library: Library;
  /** The SHA-256 of the text, in hexadecimal. */
  readonly digest: string;
  readonly readOnly: boolean;
  expiresAt: number;
  revoked = false;
  /** What was written with this token, in the reading that marks belong to tokens. */
  mdmInfo: MdmInfo | undefined;
  readonly #secret: string;
  readonly #text: string;

  /** @param text the credential, if the token is not new. */
  constructor(library: Library, input: TokenInput, text = newText(library, input)) {
    this.library = library;
    this.name = input.name;
    this.expiresAt = input.expiresAt;
    this.readOnly = input.readOnly ?? false;
    this.#text = text;
    this.#secret = (JSON.parse(Buffer.from(text, "base64").toString("utf8")) as { token: string }).token;
    this.digest = digestOf(text);
  }

  /** The first 12 digits of the digest, by which a token can be named without showing it. */
  get fingerprint(): string {
    return this.digest.slice(0, 12);
  }

  /** The credential. Whoever asks for it must not print it. */
  reveal(): string {
    return this.#text;
  }

  /** What makes the same token again, the credential included. */
  record(): TokenRecord {
    const { name, expiresAt, readOnly, revoked } = this;
    return { name, expiresAt, readOnly, revoked, text: this.#text };
  }

  /** Replaces the credential in a text, in case somebody put it there. */
  redact(text: string): string {
    return text.replaceAll(this.#text, "[token]").replaceAll(this.#secret, "[token]");
  }
}

/** All tokens of all libraries. */
export class Tokens {
  readonly #byDigest = new Map<string, ContentToken>();
  readonly #byContent = new Map<string, ContentToken>();
  readonly #changed: (change: () => WorldChange) => void;
  readonly #comparison: () => "text" | "content";

  /**
   * @param changed is called after every change, with what gives the change as plain data.
   * @param comparison says whether a credential must be the text that was made, or only hold the same.
   */
  constructor(
    changed: (change: () => WorldChange) => void = () => undefined,
    comparison: () => "text" | "content" = () => "text",
  ) {
    this.#changed = changed;
    this.#comparison = comparison;
  }

  /** Makes a token for a library. */
  issue(library: Library, input: TokenInput): ContentToken {
    const token = this.#add(new ContentToken(library, input));
    this.#changed(() => ["token", library.identity.libraryId, token.record()]);
    return token;
  }

  /** Makes a token again. */
  restore(library: Library, record: TokenRecord): void {
    this.#add(new ContentToken(library, record, record.text)).revoked = record.revoked;
  }

  /** Revokes a token for good. */
  revoke(token: ContentToken): void {
    token.revoked = true;
    this.#changed(() => ["token-revoked", token.digest]);
  }

  /** Changes when a token expires, in milliseconds of the simulator's time. */
  setExpiry(token: ContentToken, expiresAt: number): void {
    token.expiresAt = expiresAt;
    this.#changed(() => ["token-expiry", token.digest, expiresAt]);
  }

  /** The token whose text has a SHA-256. */
  byDigest(digest: string): ContentToken | undefined {
    return this.#byDigest.get(digest);
  }

  /** The token that a text stands for, if the simulator made it. */
  find(text: string): ContentToken | undefined {
    const found = this.#byDigest.get(digestOf(text));
    return found ?? (this.#comparison() === "content" ? this.#byContent.get(contentDigest(text) ?? "") : undefined);
  }

  /** The tokens of a library, oldest first. */
  of(library: Library): ContentToken[] {
    return [...this.#byDigest.values()].filter((token) => token.library === library);
  }

  /** Replaces every credential in a text. */
  redact(text: string): string {
    let clean = text;
    for (const token of this.#byDigest.values()) {
      clean = token.redact(clean);
    }
    return this.#comparison() === "content"
      ? clean.replaceAll(ENCODED, (text) => (this.find(text) === undefined ? text : "[token]"))
      : clean;
  }

  #add(token: ContentToken): ContentToken {
    this.#byDigest.set(token.digest, token);
    this.#byContent.set(contentDigest(token.reveal())!, token);
    return token;
  }
}

/** Writes a token to a file that only its owner can read (mode 0600). */
export async function writeTokenFile(token: ContentToken, file: string): Promise<void> {
  const handle = await open(file, "w", 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(token.reveal());
  } finally {
    await handle.close();
  }
}

function newText(library: Library, input: TokenInput): string {
  const content = {
    token: randomBytes(64).toString("base64"),
    expDate: serviceDate(input.expiresAt),
    orgName: library.identity.organizationName,
  };
  return Buffer.from(JSON.stringify(content), "utf8").toString("base64");
}

/**
 * The SHA-256 of what a credential says, whatever the white space, escapes and order of its JSON and the kind of its
 * Base64; nothing when it is no JSON object.
 */
function contentDigest(text: string): string | undefined {
  try {
    const content = JSON.parse(Buffer.from(text, "base64").toString("utf8")) as unknown;
    return typeof content === "object" && content !== null
      ? digestOf(JSON.stringify(Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1))))
      : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
