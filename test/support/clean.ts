import assert from "node:assert/strict";

/** Marks of a program that stumbled, where there should be a sentence: a stack, the engine's own errors, a value that is none. */
const stumbled =
  /\n\s+at |\.js:\d|node:internal|(Type|Range|Syntax|URI|Reference)Error|VPP_BUG_|Cannot read|is not a function|is not iterable|\bundefined\b|\bNaN\b|\[object /;
const address = /[\w+-][\w.+-]*@[\w-]+(\.[\w-]+)+/;
const longest = 3000;

/** What every text for the user must be: a sentence of bearable length, without a stumble, an address or one of these secrets. */
export function assertCleanText(text: string, secrets: readonly string[] = []): void {
  assert.ok(!stumbled.test(text), `it tells of a stumble: ${text.slice(0, 600)}`);
  assert.ok(!address.test(text), `it holds an address: ${text.slice(0, 600)}`);
  assert.ok(text.length <= longest, `it has ${text.length} characters: ${text.slice(0, 600)}`);
  for (const secret of secrets) assert.ok(!text.includes(secret), "it holds a secret");
}

/** What a state must be: plain data that goes through the engine's wire. */
export function assertPlain(value: unknown, place = "outputs"): void {
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") assert.ok(value.isWellFormed(), `${place} is no well-formed text`);
  else if (typeof value === "number") assert.ok(Number.isFinite(value), `${place} is ${value}`);
  else {
    assert.equal(typeof value, "object", `${place} is ${typeof value}`);
    for (const [key, item] of Object.entries(value as object)) assertPlain(item, `${place}.${key}`);
  }
}
