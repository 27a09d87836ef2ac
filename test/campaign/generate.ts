import fc from "fast-check";
import {
  type commands,
  type Edit,
  editKinds,
  foreignKinds,
  type History,
  peaceful,
  type Setting,
  type Step,
} from "./history";
import { scenes } from "./scenes";
import { act, troubles } from "./troubles";

const number = fc.nat(9999);
const picks = (maxLength: number): fc.Arbitrary<number[]> => fc.array(number, { minLength: 1, maxLength });

const anyEdit = (kinds: readonly Edit["kind"][], careless: fc.Arbitrary<boolean>): fc.Arbitrary<Edit> =>
  fc.record({ kind: fc.constantFrom(...kinds), which: number, other: number, picks: picks(8), careless });

const usualEdits = editKinds.filter((kind) => !["managedBy", "takeOver", "renameToken"].includes(kind));
const edit = fc.oneof(
  { weight: 18, arbitrary: anyEdit(usualEdits, fc.constant(false)) },
  { weight: 1, arbitrary: anyEdit(["managedBy", "takeOver", "renameToken"], fc.constant(false)) },
  { weight: 1, arbitrary: anyEdit(editKinds, fc.constant(true)) },
);

const command = (kinds: readonly (typeof commands)[number][]): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constantFrom(...kinds), picks: picks(2), trouble: troubles });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: fc.record({ do: fc.constant("edit" as const), edit }) },
  { weight: 38, arbitrary: command(["up"]) },
  { weight: 12, arbitrary: command(["preview", "refresh", "upRefresh", "upTarget", "replace", "taint"]) },
  { weight: 2, arbitrary: command(["destroy"]) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant("foreign" as const), act: act(peaceful) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("foreign" as const), act: act(foreignKinds) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step[]>({ do: "copyState" }, { do: "useCopy" }) },
);

const setting: fc.Arbitrary<Setting> = fc.record({
  libraries: fc.constantFrom<(1 | 2)[]>(1, 1, 1, 2),
  totals: fc.array(fc.constantFrom(6, 30, 60, 60, 60), { minLength: 5, maxLength: 5 }),
  pageSize: fc.constantFrom(2, 5, 50),
  eventDelayMs: fc.constantFrom(0, 0, 25, 100, 100, 100, 6000, 10_000),
  strict: fc.boolean(),
  before: fc.array(act([...peaceful, "seize"]), { maxLength: 4 }),
  program: fc.array(
    anyEdit(
      ["addDevices", "addDevices", "addPeople", "addSet", "addBook", "toggleApp", "grow", "flipExclusive", "setBrake"],
      fc.constant(false),
    ),
    { minLength: 2, maxLength: 6, size: "max" },
  ),
});

/** Any history. */
export const histories: fc.Arbitrary<History> = fc.record({
  setting,
  steps: fc
    .array(fc.oneof({ weight: 110, arbitrary: step.map((each) => [each]) }, { weight: 9, arbitrary: scenes }), {
      minLength: 5,
      maxLength: 18,
      size: "max",
    })
    .map((parts) => parts.flat()),
});

/** Histories that are short enough to be lived as whole commands. */
export const shortHistories: fc.Arbitrary<History> = fc.record({
  setting,
  steps: fc.array(step, { minLength: 3, maxLength: 7, size: "max" }),
});
