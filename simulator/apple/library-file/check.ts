import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import { placeOf } from "../../kit/json-pointer";
import schema from "./library.schema.json";
import type { LibraryFile } from "./types";

/** A library file that cannot be used; the message names the place and the reason in plain words. */
export class LibraryFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LibraryFileError";
  }
}

const ajv = new Ajv({ allErrors: true, strict: false }).addSchema(schema, "file");

/**
 * Checks that a value has the shape of a library file.
 *
 * @throws LibraryFileError naming the first thing that is wrong.
 */
export function checkLibraryFile(value: unknown): LibraryFile {
  const problem = firstProblem("file", value);
  if (problem !== undefined) {
    throw new LibraryFileError(problem);
  }
  return value as LibraryFile;
}

/** Checks that a value has the shape of one asset of a library file, and says what is wrong if it has not. */
export function checkAssetEntry(value: unknown): string | undefined {
  return firstProblem("file#/definitions/asset", value);
}

function firstProblem(name: string, value: unknown): string | undefined {
  const validate = ajv.getSchema(name) as ValidateFunction;
  if (validate(value) === true) {
    return undefined;
  }
  const errors = validate.errors ?? [];
  const error = errors.find((each) => each.keyword === "additionalProperties") ?? errors[0];
  return error === undefined ? "is not valid" : inWords(error, errors);
}

function inWords(error: ErrorObject, all: readonly ErrorObject[]): string {
  const place = placeOf(error.instancePath);
  const at = (text: string) => (place === "" ? text : `${place} ${text}`);
  const params = error.params as Record<string, unknown>;
  if (all.some((each) => each.keyword === "oneOf" && each.instancePath === error.instancePath)) {
    return at('needs either "totalCount" or "unlimited"');
  }
  if (all.some((each) => each.keyword === "if") && error.keyword === "const") {
    return `${at("must be false")}, as it is for all books`;
  }
  switch (error.keyword) {
    case "required":
      return at(`needs "${String(params.missingProperty)}"`);
    case "additionalProperties":
      return at(`has a field "${String(params.additionalProperty)}", which is not known`);
    case "type":
      return at(`must be ${article(String(params.type))}`);
    case "enum":
      return at(`must be ${(params.allowedValues as unknown[]).map((each) => JSON.stringify(each)).join(" or ")}`);
    case "const":
      return at(`must be ${JSON.stringify(params.allowedValue)}`);
    case "pattern":
      return at(patternWords(String(params.pattern)));
    case "minItems":
      return at("must not be empty");
    case "minLength":
      return at("must not be empty");
    case "minimum":
    case "maximum":
      return at(`must be ${String(params.comparison)} ${String(params.limit)}`);
    default:
      return at(error.message ?? "is not valid");
  }
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = { array: "a list", string: "a text", integer: "a whole number" };
  return words[type] ?? (type === "object" ? "an object" : `a ${type}`);
}

function patternWords(pattern: string): string {
  switch (pattern) {
    case "^[0-9]+$":
      return "must consist of digits";
    case "^[A-Z]{2}$":
      return "must be a country code of two capital letters";
    case "^[a-z]{2}$":
      return "must be a country code of two small letters";
    default:
      return "must be a moment such as 2030-11-08T22:33:22Z";
  }
}
