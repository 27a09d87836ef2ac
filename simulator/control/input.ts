import { type AssetKey, PRICING_PARAMS, type PricingParam } from "../core/asset";
import type { Library, MdmInfo } from "../core/library";
import type { World } from "../core/world";

/** A request to the control interface that cannot be done, with an HTTP status and a reason in plain words. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

/** The body of a request to the control interface, read field by field; what does not fit is named in plain words. */
export class Input {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #place: string;

  constructor(value: unknown, place = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ControlError(400, `${place === "" ? "the body" : place} must be a JSON object`);
    }
    this.#fields = value as Record<string, unknown>;
    this.#place = place === "" ? "" : `${place}.`;
  }

  /** Refuses fields that are not among the given ones, which catches misspelt names. */
  only(...names: string[]): this {
    for (const name of Object.keys(this.#fields)) {
      if (!names.includes(name)) {
        throw new ControlError(400, `"${this.#place}${name}" is not known here; known are ${names.join(", ")}`);
      }
    }
    return this;
  }

  /** All fields as they are. */
  all(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }

  /** A field as it is. */
  raw(name: string): unknown {
    return this.#fields[name];
  }

  /** A text, or nothing when it is left out. */
  optionalText(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== "string" || value === "") {
      throw this.wrong(name, "a text");
    }
    return value;
  }

  /** A text. */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) {
      throw this.wrong(name, "a text");
    }
    return value;
  }

  /** One of some texts. */
  choice<T extends string>(name: string, values: readonly T[]): T {
    const found = values.find((each) => each === this.#fields[name]);
    if (found === undefined) {
      throw this.wrong(name, values.map((each) => `"${each}"`).join(" or "));
    }
    return found;
  }

  /** A number that is at least `least`, or nothing when it is left out. */
  optionalNumber(name: string, least: number, kind: "whole" | "any" = "whole"): number | undefined {
    const value = this.#fields[name];
    if (value === undefined) {
      return undefined;
    }
    const fits = typeof value === "number" && (kind === "whole" ? Number.isSafeInteger(value) : Number.isFinite(value));
    if (!fits || value < least) {
      const least_ = Number.isFinite(least) ? ` from ${least}` : "";
      throw this.wrong(name, `a ${kind === "whole" ? "whole " : ""}number${least_}`);
    }
    return value;
  }

  /** A list of different texts; empty when it is left out. */
  texts(name: string): string[] {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string" && item !== "")) {
      throw this.wrong(name, "a list of texts");
    }
    return [...new Set(value as string[])];
  }

  /** A list of objects with at least one member. */
  objects(name: string): Input[] {
    const value = this.#fields[name];
    if (!Array.isArray(value) || value.length === 0) {
      throw this.wrong(name, "a list with at least one member");
    }
    return value.map((item, index) => new Input(item, `${this.#place}${name}[${index}]`));
  }

  /** A moment in ISO 8601, in milliseconds, or nothing when it is left out. */
  optionalMoment(name: string): number | undefined {
    const text = this.optionalText(name);
    const moment = text === undefined ? undefined : Date.parse(text);
    if (moment !== undefined && Number.isNaN(moment)) {
      throw this.wrong(name, "a moment such as 2030-11-08T22:33:22Z");
    }
    return moment;
  }

  /** The key of an asset; `pricingParam` is STDQ when it is left out. */
  assetKey(): AssetKey {
    const pricingParam: PricingParam =
      this.#fields.pricingParam === undefined ? "STDQ" : this.choice("pricingParam", PRICING_PARAMS);
    return { adamId: this.text("adamId"), pricingParam };
  }

  /** A mark, or nothing when it is `null`. */
  mark(name: string): MdmInfo | undefined {
    if (this.#fields[name] === null) {
      return undefined;
    }
    const mark = new Input(this.#fields[name], `${this.#place}${name}`).only("id", "name", "metadata");
    return { id: mark.text("id"), name: mark.text("name"), metadata: mark.optionalText("metadata") ?? "" };
  }

  /** The library a request is about: the one it names, or the first. */
  library(world: World, name = "library"): Library {
    const libraryId = this.optionalText(name);
    const library = world.library(libraryId);
    if (library === undefined) {
      throw new ControlError(400, `there is no library ${libraryId ?? ""}`);
    }
    return library;
  }

  /** The error that says what a field must be. */
  wrong(name: string, expected: string): ControlError {
    return new ControlError(400, `"${this.#place}${name}" must be ${expected}`);
  }
}
