/** Anything that looks like a content token: a long run of Base64. Serial numbers, ids and fingerprints are far shorter. */
const tokenLike = /[A-Za-z0-9+/_-]{40,}={0,2}/g;
const addressLike = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;

/** A text from outside, made fit for a message: no token, no address, one line, at most 200 characters. */
export function redact(text: string): string {
  const clean = text
    .replace(tokenLike, "[hidden]")
    .replace(addressLike, "[address]")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}
