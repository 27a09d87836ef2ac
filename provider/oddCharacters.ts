/**
 * What steers a terminal, turns the direction of writing or is not seen at all: control characters, separators of lines, bidirectional marks,
 * blanks without a width, and bytes of no character. Joiners are a part of words in several scripts.
 */
export const unsafeForTerminal =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0001}\u{e0020}-\u{e007f}]+/gu;

/** A name from outside, fit to be shown wherever it goes: states are printed by others than us. */
export function shownName(text: string): string {
  return text.replace(unsafeForTerminal, " ").trim();
}

/** Blanks of every kind, and characters that nobody sees: a zero-width space, a byte order mark, a soft hyphen, a bidirectional mark. */
const invisible = "[\\s\\p{Z}\\p{Cc}\\p{Cf}]";
const invisibleAtEnds = new RegExp(`^${invisible}+|${invisible}+$`, "gu");
const invisibleAtAnEnd = new RegExp(`^${invisible}|${invisible}$`, "u");
/** Joiners are a part of names in several scripts, and a plain blank can be seen. */
const invisibleInside = /(?![ \u200c\u200d])[\s\p{Z}\p{Cc}\p{Cf}]/u;
const odd = /(?! )[\s\p{Z}\p{C}]/gu;
/** An ellipsis is ours. */
const notAscii = /[^\x20-\x7e…]/gu;

/** A text without blanks and invisible characters at its ends, more of which spreadsheets leave there than `trim` knows. */
export function trimInvisible(text: string): string {
  return isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1))
    ? text
    : text.replace(invisibleAtEnds, "");
}

/** The characters for which an id is refused, as escapes: blanks at its ends, and whatever is invisible anywhere; empty if there are none. */
export function oddCharactersIn(text: string): string[] {
  if (!invisibleAtAnEnd.test(text) && !invisibleInside.test(text)) return [];
  const ends = text.match(invisibleAtEnds)?.join("") ?? "";
  const inside = [...trimInvisible(text)].filter((character) => invisibleInside.test(character));
  return [...new Set([...ends, ...inside])].map(escaped);
}

/** A text as JSON writes it, with its odd characters as escapes: blanks at its ends and whatever can't be seen, or all that is not ASCII. */
export function quotedVisibly(text: string, isAsciiOnly = false): string {
  const quoted = JSON.stringify(text).slice(1, -1);
  const atEnds = quoted.replace(/^ +| +$/g, (blanks) => escaped(" ").repeat(blanks.length));
  return `"${atEnds.replace(isAsciiOnly ? notAscii : odd, escaped)}"`;
}

function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  const digits = code.toString(16);
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
}
