import type { Data, HostOptions, Kind } from "./hostProcess";
import type { HostStack } from "./hostStack";
import { serials, smallLibrary } from "./world";

/** What a program declares, in its order. */
export type Program = Readonly<Record<string, readonly [Kind, Data]>>;

/** A library with enough licences for whole fleets. */
export function bigLibrary(): ReturnType<typeof smallLibrary> {
  return smallLibrary({
    assets: [
      { adamId: "361285480", name: "Keynote", totalCount: 2000 },
      { adamId: "409183694", name: "Dockscan", totalCount: 2000 },
      { adamId: "1034950743", name: "A book", productType: "Book", totalCount: 100 },
    ],
  });
}

/** What a preview shows: checks and diffs until one is refused, and nothing after them. */
export async function preview(
  stack: HostStack,
  changes: HostOptions = {},
): Promise<{ refused: string; notes: string[] }> {
  await stack.begin(changes);
  let refused = "";
  for (const name of stack.declaredNames) {
    const { inputs, failures } = await stack.check(name);
    refused = failures.map(({ reason }) => reason).join("\n");
    if (refused !== "") break;
    if (stack.has(name)) await stack.host.diff(stack.kept(name).kind, stack.kept(name), inputs);
  }
  return { refused, notes: stack.notes };
}

/** Deletes what the program has no more, last made first, or what is named, as after an `up`; gives the refusals. */
export async function deletes(stack: HostStack, names?: readonly string[]): Promise<string[]> {
  const declared = new Set(stack.declaredNames);
  const gone = names ?? [...stack.saved.keys()].reverse().filter((name) => !declared.has(name));
  const refused: string[] = [];
  for (const name of gone) await stack.remove(name).catch((error: unknown) => refused.push(String(error)));
  return refused;
}

/** Apps of that library. */
export const keynote = { adamId: "361285480", pricingParam: "STDQ" };
export const dockscan = { adamId: "409183694", pricingParam: "STDQ" };

/** The VppToken of a program. */
export const hq = (more: Data = {}): Program => ({ hq: ["VppToken", more] });
/** An assignment for devices. */
export const given = (serialNumbers: readonly string[], more: Data = {}): readonly [Kind, Data] => [
  "VppAssignment",
  { apps: [keynote], serialNumbers, ...more },
];
/** A user set. */
export const people = (first: number, count: number, more: Data = {}): readonly [Kind, Data] => [
  "VppUserSet",
  { users: Array.from({ length: count }, (_, at) => ({ clientUserId: `user-${first + at}` })), ...more },
];

/** A program that makes an assignment for each department: 20, 30 and 30 devices with two apps. */
export const departments = (): Program => ({
  a: given(serials(20), { apps: [keynote, dockscan] }),
  b: given(serials(30, 100), { apps: [keynote, dockscan] }),
  c: given(serials(30, 200), { apps: [keynote, dockscan] }),
});
