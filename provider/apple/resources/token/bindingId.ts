import { createHash } from "node:crypto";

/** A namespace of our own for names of bindings; never to be changed, since ids in users' states come from it. */
const namespace = Buffer.from("6f3c1c0e4b1d4c7a9a54d6f20c1b7e35", "hex");

/** The id of a stack's binding to a library: a UUID of version 5, so that a stack that starts over finds its own mark again. */
export function bindingIdOf(stackName: string, libraryId: string): string {
  const bytes = createHash("sha1").update(namespace).update(`${stackName}/${libraryId}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
