import type Ajv from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import { placeOf } from "../core/json-pointer";
import { ControlError } from "./error";

type Schema = Readonly<Record<string, unknown>>;

let loading: Promise<Ajv> | undefined;

/**
 * Checks the body or query of a request to the control interface against its schema.
 *
 * @throws ControlError naming the first thing that is wrong.
 */
export async function checkRequest(method: string, name: string, value: unknown): Promise<void> {
  const validate = await validator(`${name}#/definitions/${method}.${method === "GET" ? "query" : "body"}`);
  if (validate(value) !== true) {
    throw new ControlError(400, inWords(validate.errors ?? []));
  }
}

/** The compiled schema with an address such as `state#/definitions/GET.answer`; compiled when first asked for. */
export async function validator(address: string): Promise<ValidateFunction> {
  loading ??= load();
  const validate = (await loading).getSchema(address);
  if (validate === undefined) {
    throw new Error(`there is no schema ${address}`);
  }
  return validate;
}

/** Compiler and schemas are loaded late: many simulators end without a request to the control interface. */
async function load(): Promise<Ajv> {
  const { default: Compiler } = await import("ajv");
  const { CONTROL_SCHEMAS } = await import("./schemas");
  const ajv = new Compiler({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    verbose: true,
    discriminator: true,
  });
  ajv.addKeyword({ keyword: "x-words", schemaType: "string" });
  ajv.addFormat("moment", (text: string) => !Number.isNaN(Date.parse(text)));
  for (const schema of Object.values(CONTROL_SCHEMAS)) {
    ajv.addSchema(schema);
  }
  return ajv;
}

function inWords(errors: readonly ErrorObject[]): string {
  const error = errors.find((each) => each.keyword === "anyOf") ?? errors[0];
  if (error === undefined) {
    return "the body is not valid";
  }
  const schema = error.parentSchema as Schema;
  const params = error.params as Record<string, unknown>;
  const place = placeOf(error.instancePath);
  const below = (name: string) => quoted(place === "" ? name : `${place}.${name}`);
  switch (error.keyword) {
    case "required":
      return `${below(String(params.missingProperty))} is missing`;
    case "additionalProperties": {
      const known = Object.keys(schema.properties as object);
      const names = known.length > 0 ? `; known are ${known.join(", ")}` : "";
      return `${below(String(params.additionalProperty))} is not known here${names}`;
    }
    case "discriminator":
      return `${below(String(params.tag))} must be ${tagValues(schema, String(params.tag)).join(" or ")}`;
    default:
      return `${place === "" ? "the body" : quoted(place)} must be ${expected(schema)}`;
  }
}

function quoted(text: string): string {
  return `"${text}"`;
}

function tagValues(schema: Schema, tag: string): string[] {
  return (schema.oneOf as { properties: Record<string, Schema> }[]).flatMap(({ properties }) =>
    choices(properties[tag]!),
  );
}

function choices(schema: Schema): string[] {
  const values = Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [schema.const];
  return values.map((value) => JSON.stringify(value));
}

function expected(schema: Schema): string {
  if (typeof schema["x-words"] === "string") {
    return schema["x-words"];
  }
  if ("enum" in schema || "const" in schema) {
    return choices(schema).join(" or ");
  }
  if (Array.isArray(schema.anyOf)) {
    return (schema.anyOf as Schema[]).map(expected).join(" or ");
  }
  switch (schema.type) {
    case "string":
      return "a text";
    case "integer":
    case "number":
      return `a ${schema.type === "integer" ? "whole " : ""}number${range(schema)}`;
    case "boolean":
      return "true or false";
    case "array":
      return schema.minItems === undefined ? "a list" : "a list with at least one member";
    default:
      return "a JSON object";
  }
}

function range(schema: Schema): string {
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  const to = maximum === undefined ? "" : ` to ${maximum}`;
  return minimum === undefined ? "" : ` from ${minimum}${to}`;
}
