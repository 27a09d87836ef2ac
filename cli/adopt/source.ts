const widest = 100;

/**
 * A text as a literal of the program. JSON is JavaScript, so nothing in the text can end the literal; what editors show as nothing, or turns the
 * writing direction round, is written as an escape, so that the program reads as it runs.
 */
export function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, (character) =>
    [...unitsOf(character)].map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join(""),
  );
}

function* unitsOf(text: string): Generator<number> {
  for (let at = 0; at < text.length; at++) yield text.charCodeAt(at);
}

/** A text for a comment: one line, and nothing in it that an editor shows as nothing or that ends a comment of either kind. */
export function commented(text: string): string {
  const plain = text.toWellFormed().replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return [...plain.replaceAll("*/", "* /").trim()].slice(0, 120).join("");
}

/** A list of pieces of source: in one line if it fits, else as many in a line as fit. */
export function listed(items: readonly string[], indent: number, before = 0): string {
  const flat = `[${items.join(", ")}]`;
  if (indent + before + flat.length <= widest) return flat;
  const inner = " ".repeat(indent + 2);
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    if (line !== "" && inner.length + line.length + item.length + 2 > widest) {
      lines.push(line);
      line = "";
    }
    line += `${line === "" ? "" : " "}${item},`;
  }
  if (line !== "") lines.push(line);
  return `[\n${lines.map((each) => `${inner}${each}\n`).join("")}${" ".repeat(indent)}]`;
}

/** An object of pieces of source: in one line if it fits and no value is longer than a line, else a line for each property. */
export function record(
  properties: readonly (readonly [name: string, value: string])[],
  indent: number,
  before: number,
): string {
  const texts = properties.map(([name, value]) => (name === value ? name : `${name}: ${value}`));
  const flat = `{ ${texts.join(", ")} }`;
  if (indent + before + flat.length <= widest && !flat.includes("\n")) return flat;
  const inner = " ".repeat(indent + 2);
  return `{\n${texts.map((text) => `${inner}${text},\n`).join("")}${" ".repeat(indent)}}`;
}
