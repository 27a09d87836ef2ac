import type { ErrorObject, ValidateFunction } from "ajv";
import { isUnknown } from "../engine/unknown";
import { oddCharactersIn, quotedVisibly } from "../oddCharacters";
import { hideSecrets, holdsContentToken, withoutAddresses } from "../redact";
import type { LookUpName } from "./lookUpSchemas";
import type { SchemaName } from "./schemas";

type Validators = Readonly<Record<SchemaName | LookUpName, ValidateFunction>>;

/** The reason for each fault of these inputs, in plain words; empty if there is none. Values not yet known are let through. */
export function faultsOf(kind: SchemaName | LookUpName, inputs: object): string[] {
  // Compiled at build time: loading ajv's compiler would cost every run of every user more than all the rest of this provider.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const validate = (require("./validators.generated") as Validators)[kind];
  const tokens = [...tokensIn(inputs)].map(
    (place) => `${place} holds a content token's text: put it into VPP_CONTENT_TOKEN, never into the program`,
  );
  if (validate(withoutUnknowns(inputs))) return tokens;
  const faults = (validate.errors ?? [])
    .filter((error) => !isAboutUnknown(inputs, error))
    .map((error) => describe(kind, error));
  return [...new Set([...tokens, ...faults])];
}

/** Where inputs hold a content token: the engine would show it and keep it in the state, whichever input it is. */
function* tokensIn(inputs: object, path = ""): Generator<string> {
  for (const [key, item] of Array.isArray(inputs) ? inputs.entries() : Object.entries(inputs)) {
    if (typeof item === "string" && holdsContentToken(item)) yield placeOf(`${path}/${key}`);
    else if (typeof item === "object" && item !== null) yield* tokensIn(item as object, `${path}/${key}`);
  }
}

/** A copy without what is not known yet. Positions in lists are kept, so that a fault's place is right. */
function withoutUnknowns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (isUnknown(item) ? undefined : withoutUnknowns(item)));
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).filter(([, item]) => !isUnknown(item));
  return Object.fromEntries(known.map(([key, item]) => [key, withoutUnknowns(item)]));
}

function isAboutUnknown(inputs: object, error: ErrorObject): boolean {
  const missing = (error.params as { missingProperty?: string }).missingProperty;
  const steps = error.instancePath.split("/").slice(1);
  let value: unknown = inputs;
  for (const step of missing === undefined ? steps : [...steps, missing])
    value = (value as Record<string, unknown>)?.[step];
  return isUnknown(value);
}

interface Described {
  readonly description?: string;
  readonly "x-private"?: boolean;
}

function describe(kind: SchemaName | LookUpName, error: ErrorObject): string {
  const place = placeOf(error.instancePath);
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  if (error.keyword === "required") return `${join(place, params.missingProperty)} is missing`;
  if (error.keyword === "additionalProperties")
    return `${join(place, shown(params.additionalProperty ?? ""))} is not an input of ${kind}`;
  const { description, "x-private": isPrivate } = (error.parentSchema ?? {}) as Described;
  const isAsciiOnly = error.keyword === "pattern" || error.keyword === "enum";
  return `${place} must be ${description ?? error.message}${isPrivate ? holding(error.data) : got(error.data, isAsciiOnly)}`;
}

/** What is wrong with a private text, as far as that can be told without the text. */
function holding(value: unknown): string {
  const odd = typeof value === "string" ? oddCharactersIn(value) : [];
  return odd.length === 0 ? "" : `; it holds ${odd.slice(0, 5).join(", ")}`;
}

function placeOf(path: string): string {
  return path
    .split("/")
    .slice(1)
    .reduce((place, step) => (/^\d+$/.test(step) ? `${place}[${step}]` : join(place, step)), "");
}

function join(place: string, step: string | undefined): string {
  return place === "" ? String(step) : `${place}.${step}`;
}

function got(value: unknown, isAsciiOnly: boolean): string {
  if (typeof value === "string") return `, got ${quotedVisibly(shown(value), isAsciiOnly)}`;
  if (typeof value === "number" || typeof value === "boolean") return `, got ${value}`;
  if (Array.isArray(value)) return `, got a list of ${value.length}`;
  return value === null ? ", got null" : `, got a value of type ${typeof value}`;
}

/** The start of a text from outside. What should not be there at all can be anything, an address or a secret too. */
function shown(text: string): string {
  const harmless = withoutAddresses(hideSecrets(text.slice(0, 4000)));
  return harmless.length > 40 ? `${harmless.slice(0, 40)}…` : harmless;
}
