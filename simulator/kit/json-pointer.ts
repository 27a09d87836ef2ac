/** The place that a JSON pointer such as `/users/0/email` means, as people write it: `users[0].email`. */
export function placeOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}
