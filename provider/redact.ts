import { unsafeForTerminal } from "./oddCharacters";

/** A content token, or the beginning of one: Base64 of JSON in which a field follows the brace at once or after a blank. */
const tokenStart = /(?<![A-Za-z0-9+])e[yw][A-Za-z0-9+/_-]{18,}={0,2}/g;
/** What may be a token or a key: a long run of Base64. Serial numbers, ids and fingerprints are far shorter. */
const longRun = /[A-Za-z0-9+/_-]{40,}={0,2}/g;
/** What follows a hidden run on lines of its own, as files of tokens are written. */
const furtherLines = /(?<=\[hidden\])(?:\s+[A-Za-z0-9+/_-]{16,}={0,2})+/g;
/** A content token that somebody has decoded; quotes may be escaped, and the end may be cut off. */
const tokenField = /(\\?["']token\\?["']\s*:\s*)\\?["'][^"'\\]*/g;
/** What an e-mail address can be a part of. */
const addressWord = /[^\s<>"'“”(),;:]+/g;

/** What comes from outside can be of any length, and no more than its beginning is shown. */
const longestText = 4000;

/** A text from outside, made fit for a message: no secret, no address, one line, at most 200 characters. */
export function redact(text: string): string {
  const clean = withoutAddresses(withoutSecrets(text.slice(0, longestText)))
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}

/**
 * A message of our own as it may leave the process, whatever was put into it: nothing that looks like a content token, no password of an
 * address, nothing that steers a terminal or turns the direction of writing. Paths, names and ids stay as they are.
 */
export function withoutSecrets(text: string): string {
  return hideSecrets(text).replace(unsafeForTerminal, " ");
}

/** The same with everything else as it is, for a text that is quoted with escapes afterwards. */
export function hideSecrets(text: string): string {
  return text
    .replace(tokenField, "$1[hidden]")
    .replace(tokenStart, (run) => (beginsLikeToken(run) ? "[hidden]" : run))
    .replace(longRun, (run) => (isSecret(run) ? "[hidden]" : run))
    .replace(furtherLines, hideLines)
    .replace(/\S+/g, withoutCredentials);
}

/** The same for a text of several lines, such as a stack. */
export function withoutSecretsByLine(text: string): string {
  return text.split("\n").map(withoutSecrets).join("\n");
}

/** A text without what looks like an e-mail address. */
export function withoutAddresses(text: string): string {
  return text.replace(addressWord, (word) => (/[^…]@./.test(word) ? "[address]" : word));
}

/** Whether a text is a content token, holds one or the beginning of one, or is what stands in one. */
export function holdsContentToken(text: string): boolean {
  // Whatever is shorter is no token, and nearly every text is.
  if (text.length < 40) return false;
  if (/^\s*\{\s*"(?:token|expDate|orgName)"\s*:/.test(text)) return true;
  return [text, text.replace(/\s+/g, "")].some((each) => each.match(tokenStart)?.some(beginsLikeToken) === true);
}

/** Whether Base64 is that of an object in JSON, as far as it goes. */
function beginsLikeToken(run: string): boolean {
  return /^\{\s*"/.test(Buffer.from(run.slice(0, 64), "base64").toString("latin1"));
}

function hideLines(lines: string): string {
  const parts = lines.split(/(?<=\s)(?=\S)/);
  const harmless = parts.findIndex((part) => /\S/.test(part) && !/=\s*$/.test(part) && !isSecret(part.trim()));
  return harmless < 0 ? "" : parts.slice(harmless - 1).join("");
}

/**
 * A word without user and password, as in `http://user:password@host` or `DOMAIN\\user:password@host`, up to its last `@`: a password can hold
 * anything. What ends in a slash there is a path, such as `C:\\node_modules\\@scope`.
 */
function withoutCredentials(word: string): string {
  const at = word.lastIndexOf("@");
  if (at < 1) return word;
  const [before, after] = [word.slice(0, at), word.slice(at)];
  const slashes = before.indexOf("//");
  if (slashes >= 0) return `${before.slice(0, slashes)}//…${after}`;
  const start = [...before.matchAll(/(?<!\\)["“”]/g)].at(-1)?.index ?? -1;
  const isPair = before.includes(":", start + 1) && !/[/\\]$/.test(before) && after.length > 1;
  return isPair ? `${before.slice(0, start + 1)}…${after}` : word;
}

/** How often neighbouring characters of a long run must differ in kind for the run to be no path or name. */
const mixed = 0.3;

/** Tells a random text from a path or a name: words have kinds of characters one after another, and parts of ids are hexadecimal. */
function isSecret(run: string): boolean {
  const pieces = run.split(/[/_+=-]/);
  if (pieces.some((piece) => piece.length >= 40)) return true;
  const changes = pieces.reduce((sum, piece) => sum + (/^[0-9a-f]*$/.test(piece) ? 0 : changesIn(piece)), 0);
  return changes / run.length >= mixed;
}

function changesIn(piece: string): number {
  let changes = 0;
  for (let at = 1; at < piece.length; at++) if (kindOf(piece[at]!) !== kindOf(piece[at - 1]!)) changes++;
  return changes;
}

function kindOf(character: string): "lower" | "upper" | "digit" {
  if (character >= "a") return "lower";
  return character >= "A" ? "upper" : "digit";
}
