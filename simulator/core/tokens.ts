import { createHash, randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { serviceDate } from "./clock";
import type { Library, MdmInfo } from "./library";

/** How long a new content token is valid, in milliseconds: Apple documents one year. */
export const TOKEN_LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;

/** What a new token is made from. */
export interface TokenInput {
  readonly name: string;
  /** In milliseconds of the simulator's time. */
  readonly expiresAt: number;
  readonly readOnly?: boolean;
}

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

  constructor(library: Library, input: TokenInput) {
    this.library = library;
    this.name = input.name;
    this.expiresAt = input.expiresAt;
    this.readOnly = input.readOnly ?? false;
    this.#secret = randomBytes(64).toString("base64");
    const content = {
      token: this.#secret,
      expDate: serviceDate(input.expiresAt),
      orgName: library.identity.organizationName,
    };
    this.#text = Buffer.from(JSON.stringify(content), "utf8").toString("base64");
    this.digest = digestOf(this.#text);
  }

  /** The first 12 digits of the digest, by which a token can be named without showing it. */
  get fingerprint(): string {
    return this.digest.slice(0, 12);
  }

  /** The credential. Whoever asks for it must not print it. */
  reveal(): string {
    return this.#text;
  }

  /** Replaces the credential in a text, in case somebody put it there. */
  redact(text: string): string {
    return text.replaceAll(this.#text, "[token]").replaceAll(this.#secret, "[token]");
  }
}

/** All tokens of all libraries. */
export class Tokens {
  readonly #byDigest = new Map<string, ContentToken>();

  /** Makes a token for a library. */
  issue(library: Library, input: TokenInput): ContentToken {
    const token = new ContentToken(library, input);
    this.#byDigest.set(token.digest, token);
    return token;
  }

  /** The token with a text, if the simulator made it. */
  find(text: string): ContentToken | undefined {
    return this.#byDigest.get(digestOf(text));
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
    return clean;
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

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
