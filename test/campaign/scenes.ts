import fc from "fast-check";
import type { Edit, Step } from "./history";

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
);
