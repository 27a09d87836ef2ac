import assert from "node:assert/strict";

/** A password as people choose them: with what has a meaning in an address. */
export const password = "Geheim:pa/55@w0rt";

/** A content token, made up, as Apple writes them. */
export const contentToken = Buffer.from(
  JSON.stringify({
    token: Buffer.from("made up, and as long as a token that opens a library is in truth, no shorter").toString(
      "base64",
    ),
    expDate: "2035-11-08T22:33:22+0000",
    orgName: "Contoso",
  }),
).toString("base64");

/** The forms in which a content token gets where it does not belong. */
export const tokenForms: readonly (readonly [string, string])[] = [
  ["a content token", contentToken],
  ["a content token that is cut off", contentToken.slice(0, 90)],
  ["a content token with a line break at its end", `${contentToken}\n`],
  ["a content token that is broken into lines", contentToken.replace(/(.{64})/g, "$1\n")],
  ["a content token that somebody decoded", Buffer.from(contentToken, "base64").toString()],
];

/** The forms in which a password comes in an address. */
export const passwordForms: readonly (readonly [string, string])[] = [
  ["a password in an address", `http://vpp:${password}@proxy.contoso.example:3128`],
  ["a password of a Windows account", `CONTOSO\\vpp:${password}@proxy.contoso.example:3128`],
  ["a password without a scheme", `vpp:${password}@proxy.contoso.example`],
];

const piece = 24;

/** Finds no part of a token, in either of its forms, and no password, in anything that a user or a log could get to see. */
export function assertNoSecret(output: string): void {
  const { token } = JSON.parse(Buffer.from(contentToken, "base64").toString()) as { token: string };
  for (const secret of [contentToken, token]) {
    const lower = output.toLowerCase();
    for (let at = 0; at + piece <= secret.length; at++)
      assert.ok(
        !lower.includes(secret.slice(at, at + piece).toLowerCase()),
        `it holds a token: ${output.slice(0, 400)}`,
      );
  }
  for (const part of [password, ...password.split("@")])
    assert.ok(!output.includes(part), `it holds a password: ${output.slice(0, 400)}`);
}
