import fc from "fast-check";

/** What is done to the text of an answer. `breaksType` is true if a value came in the place of one of another type. */
export interface Mangled {
  readonly text: string;
  readonly breaksType: boolean;
}

type Step = string | number;

/** One way to spoil an answer; `pick` chooses the place, and `value` what is put there. */
export type Spoiling =
  | { readonly how: "replace"; readonly pick: number; readonly value: unknown }
  | { readonly how: "remove" | "double" | "deepen"; readonly pick: number }
  | { readonly how: "add"; readonly pick: number; readonly value: unknown }
  | { readonly how: "body"; readonly text: string }
  | { readonly how: "cut"; readonly part: number }
  | { readonly how: "fatten"; readonly pick: number };

const deep = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const fat = "f".repeat(10 * 2 ** 20);

/** Values that trip up whoever believes them. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -1, 1, 2, 0.5, 1e308, -1e308, 2 ** 53, 2_147_483_647, "", " ", "0", "1", "-1", "1e999"],
    ...[
      "9709",
      "x",
      "\ud800",
      "\u0000\n",
      "a/b",
      "ada@contoso.example",
      "__proto__",
      "2026-13-45T99:99:99Z",
      "Retired",
    ],
    ...[[], {}, [null], [[]], { id: 1 }, ["x"], [0], { toString: 1 }, { __proto__: null, length: 3 }],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Ways to spoil an answer, the costly ones rare. */
export const spoiling: fc.Arbitrary<Spoiling> = fc.oneof(
  { weight: 40, arbitrary: fc.record({ how: fc.constant("replace" as const), pick: fc.nat(), value: odd }) },
  { weight: 16, arbitrary: fc.record({ how: fc.constantFrom("remove" as const, "double" as const), pick: fc.nat() }) },
  { weight: 6, arbitrary: fc.record({ how: fc.constant("add" as const), pick: fc.nat(), value: odd }) },
  {
    weight: 6,
    arbitrary: fc.record({
      how: fc.constant("body" as const),
      text: fc.constantFrom("", "null", "[]", "{}", "0", '"x"', "<html>", "{", deep(100_000), '{"uId":"x"}'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ how: fc.constant("cut" as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { weight: 2, arbitrary: fc.record({ how: fc.constant("deepen" as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ how: fc.constant("fatten" as const), pick: fc.nat() }) },
);

/** Spoils the text of an answer. */
export function spoil(text: string, spoiling: Spoiling): Mangled {
  if (spoiling.how === "body") return { text: spoiling.text, breaksType: false };
  if (spoiling.how === "cut")
    return { text: text.slice(0, Math.floor(text.length * spoiling.part)), breaksType: false };
  const root: unknown = JSON.parse(text);
  const all = placesIn(root);
  const counting = all.filter(({ key }) => thatCount.has(String(key)));
  // Most of an answer's values are of no consequence, so two times out of three one is chosen that is.
  const places = spoiling.pick % 3 === 0 || counting.length === 0 ? all : counting;
  const place = places[spoiling.pick % places.length];
  if (place === undefined) return { text, breaksType: false };
  const { parent, key } = place;
  const before = parent[key];
  switch (spoiling.how) {
    case "replace":
      parent[key] = spoiling.value;
      return { text: JSON.stringify(root), breaksType: breaksType(key, before, spoiling.value) };
    case "add":
      parent[Array.isArray(parent) ? parent.length : "novelty"] = spoiling.value;
      return { text: JSON.stringify(root), breaksType: false };
    case "remove":
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return { text: JSON.stringify(root), breaksType: false };
    case "double":
      if (Array.isArray(parent)) parent.push(before);
      return { text: JSON.stringify(root), breaksType: false };
    default: {
      const filler = spoiling.how === "deepen" ? deep(50_000) : JSON.stringify(fat);
      parent[key] = "PLACE";
      return {
        text: JSON.stringify(root).replace('"PLACE"', filler),
        breaksType: spoiling.how === "deepen" && breaksType(key, before, []),
      };
    }
  }
}

interface Place {
  readonly parent: Record<Step, unknown>;
  readonly key: Step;
}

/** Every place of a JSON value in which a value stands. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const keys: Step[] = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => [
    { parent: value as Record<Step, unknown>, key },
    ...placesIn((value as Record<Step, unknown>)[key]),
  ]);
}

/** Fields that the provider reads of every list and of client/config; null stands for absent, and so breaks nothing. */
const thatCount = new Set(
  "uId mdmInfo assets assignments users adamId pricingParam serialNumber clientUserId status nextPageIndex totalPages size versionId".split(
    " ",
  ),
);

function breaksType(key: Step, before: unknown, after: unknown): boolean {
  if (before === null || after === null || !thatCount.has(String(key))) return false;
  return typeOf(before) !== typeOf(after);
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
}
