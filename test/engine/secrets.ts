import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "./errors";
import type { ResourceState } from "./resource";
import { isSecret, makeSecret, mapValue, type Properties, SECRET, SIGNATURE, type Value } from "./values";

const ITERATIONS = 1_000_000;
const TAG_BYTES = 16;

/** Encrypts and decrypts with a stack's passphrase, in the way of Pulumi's passphrase secrets provider. */
export interface Crypter {
  /** What identifies the key: `v1:salt:proof`, kept as `encryptionsalt` beside the stack's configuration. */
  salt: string;
  encrypt: (text: string) => string;
  decrypt: (text: string) => string;
}

/** The crypter of a stack; without a salt, of a new one. The key is derived, slowly on purpose, when first needed. */
export function openCrypter(salt?: string, phrase = passphrase): Crypter {
  const [, text, ...proof] = salt?.split(":") ?? [];
  const bytes = text === undefined ? randomBytes(8) : Buffer.from(text, "base64");
  let derived: Buffer | undefined;
  const key = (): Buffer => {
    if (derived) return derived;
    derived = pbkdf2Sync(phrase(), bytes, ITERATIONS, 32, "sha256");
    try {
      if (salt) decrypt(proof.join(":"));
    } catch {
      throw new UserError("incorrect passphrase");
    }
    return derived;
  };
  const encrypt = (clear: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key(), nonce);
    const sealed = Buffer.concat([cipher.update(clear, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  const decrypt = (sealed: string): string => {
    const [, nonce, data] = sealed.split(":").map((part) => Buffer.from(part, "base64"));
    const decipher = createDecipheriv("aes-256-gcm", key(), nonce!).setAuthTag(data!.subarray(-TAG_BYTES));
    return decipher.update(data!.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  };
  return { salt: salt ?? `v1:${bytes.toString("base64")}:${encrypt("pulumi")}`, encrypt, decrypt };
}

function passphrase(): string {
  const { PULUMI_CONFIG_PASSPHRASE: phrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (phrase !== undefined) return phrase;
  if (file) return readFileSync(file, "utf8").trim();
  throw new UserError("passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE");
}

function map(resource: ResourceState, replace: (secret: Properties) => Value): ResourceState {
  const all = (properties: Properties): Properties =>
    mapValue(properties, (v) => (isSecret(v) ? replace(v) : undefined));
  return { ...resource, inputs: all(resource.inputs ?? {}), outputs: all(resource.outputs ?? {}) };
}

/** A resource as it stands in the state: secrets encrypted or, when asked for, in clear. */
export const seal = (resource: ResourceState, { encrypt }: Crypter, inClear = false): ResourceState =>
  map(resource, ({ value }) => {
    const text = JSON.stringify(value);
    return { [SIGNATURE]: SECRET, ...(inClear ? { plaintext: text } : { ciphertext: encrypt(text) }) };
  });

/** A resource as the engine works on it: secrets decrypted and marked. */
export const unseal = (resource: ResourceState, { decrypt }: Crypter): ResourceState =>
  map(resource, ({ plaintext, ciphertext }) =>
    makeSecret(JSON.parse((plaintext as string | undefined) ?? decrypt(ciphertext as string)) as Value),
  );
