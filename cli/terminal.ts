import { styleText } from "node:util";
import stringWidth from "string-width";
import { unsafeForTerminal } from "../provider/oddCharacters";

/** A text from outside on one line, without anything that could steer a terminal. */
export function printable(text: string): string {
  return text.toWellFormed().replace(unsafeForTerminal, " ").trim();
}

/** JSON whose text can be shown on a terminal as it is: JSON itself leaves some control characters in place. */
export function printableJson(value: unknown): string {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, undefined, 2).replace(unsafeForTerminal, (part) =>
    part
      .split("")
      .map((character) => (character === "\n" ? character : escaped(character)))
      .join(""),
  );
}

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** A text cut to so many columns, with an ellipsis where something is missing. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(kept + segment) > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** A text filled up to so many columns, on its right or, for numbers, on its left. */
export function pad(text: string, columns: number, side: "left" | "right" = "left"): string {
  const fill = " ".repeat(Math.max(0, columns - widthOf(text)));
  return side === "left" ? text + fill : fill + text;
}

/** Words on lines of so many columns; lines after the first are indented. A word that is longer than a line stays whole. */
export function wrap(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  const words = text.trimStart();
  let line = text.slice(0, text.length - words.length);
  let isEmpty = true;
  for (const word of words.split(" ")) {
    if (!isEmpty && widthOf(`${line} ${word}`) > columns) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** A bar for a share of a whole, precise to an eighth of a column. */
export function bar(part: number, whole: number, columns: number): string {
  const share = whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole));
  const eighths = Math.round(share * columns * 8);
  // One of a million is something, and all but one of a million is not all.
  const shown = Math.min(share < 1 ? columns * 8 - 1 : columns * 8, Math.max(share > 0 ? 1 : 0, eighths));
  const full = Math.floor(shown / 8);
  const rest = " ▏▎▍▌▋▊▉"[shown % 8]!;
  return `${"█".repeat(full)}${shown % 8 === 0 ? "" : rest}`.padEnd(columns, "·");
}

/** Where a command writes and how wide and colourful it may be there. */
export interface Screen {
  readonly columns: number;
  /** Styles a text if this is a terminal that wants it. */
  readonly style: (format: Parameters<typeof styleText>[0], text: string) => string;
}

const narrowest = 60;
const widest = 140;

/** What is known of the terminal; whatever is no terminal gets 80 columns and no colour. */
export function screenOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): Screen {
  const asked = Number(env.COLUMNS);
  const columns = Number.isInteger(asked) && asked > 0 ? asked : (stream.columns ?? 80);
  return {
    columns: Math.min(widest, Math.max(narrowest, columns)),
    style: (format, text) => styleText(format, text, { stream }),
  };
}
