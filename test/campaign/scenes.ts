import fc from "fast-check";
import type { Edit, Step, Trouble } from "./history";
import { cut, oddList } from "./troubles";

const number = fc.nat(9999);
const numbers = fc.array(number, { minLength: 4, maxLength: 8 });

const edit = (kind: Edit["kind"], which: number, other: number, picks: readonly number[]): Step => ({
  do: "edit",
  edit: { kind, which, other, picks },
});
const quiet = (kind: "up" | "preview" | "upRefresh"): Step => ({ do: kind, picks: [0], trouble: [] });

/** Resources that wait for one another, with just as many licences as they need, or one less and then enough. */
const chain = fc
  .tuple(number, fc.nat(1), numbers, fc.constantFrom<(0 | -1)[]>(0, 0, -1), fc.boolean())
  .map(([which, other, picks, spare, looks]): Step[] => [
    edit("addChain", which, other, picks),
    { do: "fit", app: which % 3, library: other, spare },
    ...(looks ? [quiet("preview")] : []),
    quiet("up"),
    ...(spare < 0 ? [{ do: "fit" as const, app: which % 3, library: other, spare: 0 as const }, quiet("up")] : []),
  ]);

/** Departments of which a table loses some, or that get new names and fewer devices; allowed in the end, or not. */
const departments = fc
  .tuple(
    number,
    fc.nat(1),
    numbers,
    fc.constantFrom("loseDepartments", "renameShrunk", "remove", "halve"),
    fc.boolean(),
  )
  .map(([which, other, picks, loss, isMeant]): Step[] => [
    edit("addDepartments", which, other, picks),
    { do: "fit", app: which % 3, library: other, spare: 0 },
    quiet("up"),
    edit(loss as Edit["kind"], picks[1]!, other, picks),
    ...(loss === "renameShrunk" ? [edit(loss, picks[2]!, other, picks)] : []),
    quiet("up"),
    ...(isMeant ? [edit("allowRun", which, other, picks), quiet("up")] : [quiet("up")]),
  ]);

const teams = fc
  .tuple(number, fc.nat(1), numbers, fc.constantFrom("loseTeams", "removeSet", "renameSet", "shrinkSet"), fc.boolean())
  .map(([which, other, picks, loss, isMeant]): Step[] => [
    edit("addTeams", which, other, picks),
    { do: "fit", app: 3, library: other, spare: 0 },
    quiet("up"),
    edit(loss as Edit["kind"], picks[1]!, other, picks),
    quiet("up"),
    ...(isMeant ? [edit("allowRun", which, other, picks), quiet("up")] : []),
  ]);

/** A list that comes in short: the resource with the most targets loses more than it lets go unasked; meant in the end, or restored. */
const shortList = fc
  .tuple(
    number,
    fc.nat(1),
    numbers,
    fc.constantFrom<Edit["kind"][]>("addDepartments", "addTeams", "addDevices"),
    fc.constantFrom<Edit["kind"][]>("halveLargest", "emptyLargest", "tightenLargest"),
  )
  .map(([which, other, picks, what, loss]): Step[] => [
    edit(what, which, other, picks),
    { do: "fit", app: what === "addTeams" ? 3 : which % 3, library: other, spare: 0 },
    quiet("up"),
    edit(loss, picks[0]!, other, picks),
    quiet("up"),
    quiet("up"),
  ]);

/** A small limit for the whole run, and resources that go. */
const limited = fc
  .tuple(number, fc.nat(1), numbers, fc.constantFrom("remove", "removeSet", "renameShrunk", "merge", "split", "rename"))
  .map(([which, other, picks, loss]): Step[] => [
    quiet("up"),
    edit("limitRun", which, other, picks),
    edit(loss as Edit["kind"], which, other, picks),
    edit(loss as Edit["kind"], picks[0]!, other, picks),
    quiet("up"),
    edit("limitRun", which, other, picks),
    quiet("up"),
  ]);

/** Inputs that the engine keeps or changes, while other resources are given or give up what these hold. */
const engine = fc
  .tuple(
    number,
    fc.nat(1),
    numbers,
    fc.constantFrom("ignoreTargets", "ignoreApps", "ignoreExclusive", "transform", "ignoreUsers"),
    fc.constantFrom("shrink", "halve", "move", "dropApp", "flipExclusive", "shrinkSet", "movePerson", "grow"),
    fc.constantFrom("addDevices", "remove", "move", "removeSet", "merge", "shrink"),
  )
  .map(([which, other, picks, how, what, then]): Step[] => [
    quiet("up"),
    edit(how as Edit["kind"], which, other, picks),
    edit(what as Edit["kind"], which, other, picks),
    quiet("preview"),
    quiet("up"),
    edit(then as Edit["kind"], picks[0]!, other, picks),
    quiet("up"),
    edit("remove", picks[1]!, other, picks),
    quiet("up"),
  ]);

const troubled = (kind: "up" | "destroy", trouble: Trouble): Step => ({ do: kind, picks: [0], trouble: [trouble] });

/** A run that is cut off, and what follows: the program before, another one, or the same. */
const cutOff = fc
  .tuple(
    number,
    fc.nat(1),
    numbers,
    cut,
    fc.constantFrom<Edit["kind"][]>(
      "addDepartments",
      "addDevices",
      "addPeople",
      "shrink",
      "halve",
      "move",
      "remove",
      "removeSet",
      "addTeams",
    ),
    fc.constantFrom<("back" | "other" | "same" | "none")[]>("back", "back", "other", "same", "none"),
  )
  .map(([which, other, picks, how, what, then]): Step[] => [
    quiet("up"),
    edit(what, which, other, picks),
    // Else many are refused before anything is sent.
    { do: "fit", app: what === "addTeams" ? 3 : which % 3, library: other, spare: 0 },
    troubled("up", how),
    ...(then === "back" ? [{ do: "rollBack" as const }] : []),
    ...(then === "other" ? [edit("remove", picks[0]!, other, picks), edit("addDevices", picks[1]!, other, picks)] : []),
    ...(then === "none" ? [] : [quiet("up")]),
  ]);

/** A list that lacks or repeats something while much is taken back. */
const odd = fc
  .tuple(
    number,
    fc.nat(1),
    numbers,
    oddList,
    fc.constantFrom<Edit["kind"][]>("shrink", "dropApp", "remove", "removeSet", "shrinkSet", "grow", "addSet"),
    fc.boolean(),
  )
  .map(([which, other, picks, how, what, isDestroy]): Step[] => [
    quiet("up"),
    ...(isDestroy ? [] : [edit(what, which, other, picks)]),
    troubled(isDestroy ? "destroy" : "up", how),
    quiet("up"),
  ]);

/** More licences are assigned than owned after a refund, and some are to go to others. */
const overdrawnApp = fc
  .tuple(number, fc.nat(1), numbers, fc.constantFrom<Edit["kind"][]>("grow", "move", "addDevices", "shrink"))
  .map(([which, other, picks, what]): Step[] => [
    edit("addDevices", which, other, picks),
    { do: "fit", app: which % 3, library: other, spare: 0 },
    quiet("up"),
    { do: "foreign", act: { kind: "refundHeld", library: other, picks } },
    edit("shrink", which, other, picks),
    edit(what, which, other, picks),
    quiet("preview"),
    quiet("up"),
  ]);

/** Steps that belong together: what chance alone would hardly ever bring about. */
export const scenes: fc.Arbitrary<Step[]> = fc.oneof(
  chain,
  chain,
  departments,
  teams,
  shortList,
  limited,
  engine,
  engine,
  cutOff,
  cutOff,
  cutOff,
  odd,
  odd,
  overdrawnApp,
);
