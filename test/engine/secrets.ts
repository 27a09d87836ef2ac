import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { UserError } from "./errors";
import {
  isObject,
  isSecret,
  makeSecret,
  mapProperties,
  type Properties,
  SECRET_SIGNATURE,
  SIGNATURE,
  type Value,
} from "./values";

const ITERATIONS = 1_000_000;
const TAG_BYTES = 16;

/** Encrypts and decrypts with a stack's passphrase, in the way of Pulumi's passphrase secrets provider. */
export class Crypter {
  private constructor(
    /** What identifies the key: `v1:salt:proof`, kept as `encryptionsalt` beside the stack's configuration. */
    readonly salt: string,
    private readonly key: Buffer,
  ) {}

  /** Derives the key for a stack; deriving is slow on purpose, so begin early. */
  static async open(salt: string): Promise<Crypter> {
    const [version, bytes, ...proof] = salt.split(":");
    if (version !== "v1" || !bytes) throw new UserError(`the stack's encryption salt has an unknown form: ${salt}`);
    const crypter = new Crypter(salt, await derive(passphrase(), Buffer.from(bytes, "base64")));
    try {
      if (crypter.decrypt(proof.join(":")) === "pulumi") return crypter;
    } catch {
      // A wrong key shows as a failed authentication of the proof.
    }
    throw new UserError("incorrect passphrase");
  }

  /** Makes a new salt, for a new stack. */
  static async create(): Promise<Crypter> {
    const bytes = randomBytes(8);
    const key = await derive(passphrase(), bytes);
    const proof = new Crypter("", key).encrypt("pulumi");
    return new Crypter(`v1:${bytes.toString("base64")}:${proof}`, key);
  }

  /** Encrypts a text as `v1:nonce:ciphertext`. */
  encrypt(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce);
    const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${bytes.toString("base64")}`;
  }

  /** Decrypts what `encrypt` made. */
  decrypt(text: string): string {
    const [, nonce, encrypted] = text.split(":");
    const bytes = Buffer.from(encrypted ?? "", "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.key, Buffer.from(nonce ?? "", "base64"));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    return decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  }

  /** The properties as they stand in the state: secrets encrypted, or in clear when asked for. */
  seal(properties: Properties, showSecrets = false): Properties {
    return mapProperties(properties, (value) => {
      if (!isSecret(value)) return undefined;
      const text = JSON.stringify(value.value);
      const hidden: Properties = showSecrets ? { plaintext: text } : { ciphertext: this.encrypt(text) };
      return { [SIGNATURE]: SECRET_SIGNATURE, ...hidden };
    });
  }

  /** The properties as the engine works on them: secrets decrypted and marked. */
  unseal(properties: Properties): Properties {
    return mapProperties(properties, (value): Value | undefined => {
      if (!isSecret(value)) return undefined;
      const text = typeof value.plaintext === "string" ? value.plaintext : this.decrypt(value.ciphertext as string);
      return makeSecret(JSON.parse(text) as Value);
    });
  }
}

function derive(phrase: string, salt: Buffer): Promise<Buffer> {
  return promisify(pbkdf2)(phrase, salt, ITERATIONS, 32, "sha256");
}

function passphrase(): string {
  const { PULUMI_CONFIG_PASSPHRASE: phrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (phrase !== undefined) return phrase;
  if (file) return readFileSync(file, "utf8").trim();
  throw new UserError(
    "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
  );
}

/** Tells whether a value is a `secure:` entry of a stack's configuration. */
export function isSecureEntry(value: Value | undefined): value is { secure: string } {
  return isObject(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}
