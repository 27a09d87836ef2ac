import { Refusal } from "../core/errors";

/** The query parameters of one request, read by type. A text that is empty counts as left out. */
export class Query {
  readonly #parameters: URLSearchParams;

  constructor(parameters: URLSearchParams) {
    this.#parameters = parameters;
  }

  /** All parameters as plain texts, the first one when a name is repeated. */
  all(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [name, value] of this.#parameters) {
      found[name] ??= value;
    }
    return found;
  }

  /** A text, or nothing. */
  text(name: string): string | undefined {
    const value = this.#parameters.get(name);
    return value === null || value === "" ? undefined : value;
  }

  /** `true`, `false`, or nothing; anything else is refused with 9602. */
  flag(name: string): boolean | undefined {
    const value = this.#oneOf(name, ["true", "false"]);
    return value === undefined ? undefined : value === "true";
  }

  /** One of the given values, or nothing; anything else is refused with 9602. */
  choice<T extends string>(name: string, values: readonly T[]): T | undefined {
    return this.#oneOf(name, values);
  }

  /** A whole number, or nothing; anything else is refused with 9602. */
  integer(name: string): number | undefined {
    const value = this.#parameters.get(name);
    if (value === null) {
      return undefined;
    }
    if (!/^-?\d{1,15}$/.test(value)) {
      throw new Refusal(9602);
    }
    return Number(value);
  }

  #oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.#parameters.get(name);
    if (value === null) {
      return undefined;
    }
    const found = values.find((each) => each === value);
    if (found === undefined) {
      throw new Refusal(9602);
    }
    return found;
  }
}
