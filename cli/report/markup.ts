import { createHash } from "node:crypto";
import { unsafeForTerminal } from "../../provider/oddCharacters";

/** Text that is markup already and is not escaped again. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | readonly Part[] | string | number | false | undefined;

/** Markup from a template: whatever is put into it is escaped, unless it is {@link Markup} itself; false and undefined are left out. */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(parts.map((part, index) => part + (index < values.length ? textOf(values[index]) : "")).join(""));
}

function textOf(value: Part): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(textOf).join("");
  return escaped(`${value}`);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(unsafeForTerminal, " ")
    .replace(/[&<>"']/g, (character) => entities[character]!);
}

/** JSON that can stand in a script element: nothing in it ends the element, begins a comment or turns the direction of writing. */
export function inlineJson(value: unknown): Markup {
  const escapeOf = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const text = JSON.stringify(value).replace(unsafeForTerminal, " ");
  return new Markup(text.replace(/[<>&]/g, escapeOf));
}

/** How a content security policy names an inline style or script by what it holds. */
export function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
