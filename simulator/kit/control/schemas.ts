import type Ajv from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import { placeOf } from "../json-pointer";
import { ControlError } from "./error";

type Schema = Readonly<Record<string, unknown>>;

/**
 * The shapes of the requests to a control interface, one JSON schema for each path. Its definitions are named METHOD.query
 * or METHOD.body. Compiler and schemas are loaded late: many stand-ins end without a request to their control interface.
 */
export class RequestSchemas {
  readonly #schemas: () => Promise<object>;
  #loading: Promise<Ajv> | undefined;

  constructor(schemas: () => Promise<object>) {
    this.#schemas = schemas;
  }

  /**
   * Checks the body or query of a request.
   *
   * @throws ControlError naming the first thing that is wrong.
   */
  async check(method: string, name: string, value: unknown): Promise<void> {
    const validate = await this.validator(`${name}#/definitions/${method}.${method === "GET" ? "query" : "body"}`);
    if (validate(value) !== true) {
      throw new ControlError(400, inWords(validate.errors ?? []));
    }
  }

  /** The compiled schema with an address such as `state#/definitions/GET.answer`; compiled when first asked for. */
  async validator(address: string): Promise<ValidateFunction> {
    this.#loading ??= load(this.#schemas);
    const validate = (await this.#loading).getSchema(address);
    if (validate === undefined) {
      throw new Error(`there is no schema ${address}`);
    }
    return validate;
  }
}

async function load(schemas: () => Promise<object>): Promise<Ajv> {
  const { default: Compiler } = await import("ajv");
  const ajv = new Compiler({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    verbose: true,
    discriminator: true,
  });
  ajv.addKeyword({ keyword: "x-words", schemaType: "string" });
  ajv.addFormat("moment", (text: string) => !Number.isNaN(Date.parse(text)));
  for (const schema of Object.values(await schemas()) as Schema[]) {
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
