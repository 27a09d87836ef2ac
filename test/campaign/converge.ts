import type { ResourceState } from "../engine/resource";
import type { Chronicle } from "./chronicle";
import { effectiveOf, isContradictory } from "./effective";
import { actForeign } from "./foreign";
import { mend } from "./mend";
import { book, copyOf, libraryOf, type Program, products, requiredIn, stranger, unwantedIn } from "./programs";
import { activeIn, pairsIn, type Service } from "./service";

/** Ends everything that stands in the way: scarcity, other services, dead tokens, brakes. What is left must come right by itself. */
export async function makePeace(service: Service, before: Program, state: readonly ResourceState[]): Promise<Program> {
  const program = copyOf(before);
  await service.clearFaults();
  await service.settled();
  for (const token of program.tokens) {
    delete token.takeOverFrom;
    token.maxRevocations = 1000;
    token.maxRetirements = 1000;
  }
  for (const assignment of program.assignments) assignment.maxRevocations = 1000;
  for (const set of program.sets) set.maxRetirements = 1000;
  mend(program);
  // What the engine makes of it must not contradict itself either.
  if (isContradictory(program, effectiveOf(program, state), state)) {
    for (const each of [...program.sets, ...program.assignments]) delete each.ignores;
    for (const assignment of program.assignments) delete assignment.engine;
  }
  for (let library = 0; library < service.libraries; library++) {
    const { managedBy } = program.tokens.find((token) => token.library === library) ?? {};
    const id = service.libraryId(library);
    await service.act("holder", {
      library: id,
      mdmInfo: managedBy === undefined ? null : { id: managedBy, name: "Rival" },
    });
    for (const adamId of products) {
      const isBook = adamId === book;
      await service.act("assets", {
        library: id,
        action: "add",
        adamId,
        name: "Again",
        totalCount: 0,
        ...(isBook && { productType: "Book" }),
      });
      await service.act("assets", { library: id, action: "buy", adamId, count: 100 });
    }
    await service.act("users", { library: id, action: "create", users: [{ clientUserId: stranger }] });
    await actForeign(service, { kind: "renewToken", library, picks: [0] });
  }
  return program;
}

/**
 * How the service differs from what the program says, in words. What only the arguments name (`lines`) is protected, so an exclusive resource does not
 * take it back either. `marks` are those of the state, by library.
 */
export async function differences(
  service: Service,
  chronicle: Chronicle,
  { program, lines }: { readonly program: Program; readonly lines: Program },
  marks: ReadonlyMap<string, string>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [index, library] of (await service.truth()).entries()) {
    const there = pairsIn(library);
    const required = requiredIn(program, index);
    const byArguments = requiredIn(lines, index);
    const isUnwanted = unwantedIn(program, index);
    const { everForeign, everLeft, stuck } = chronicle.libraries[index]!;
    for (const pair of required.keys()) if (!there.has(pair)) faults.push(`${pair} is not there in the end`);
    for (const pair of there) {
      const [adamId = "", kind = "", target = ""] = pair.split(" ");
      if (required.has(pair) || byArguments.has(pair) || adamId === book || stuck.has(pair)) continue;
      if (isUnwanted(adamId, kind as "device" | "user", target))
        faults.push(`${pair} is there in the end, and the program wants it gone`);
      else if (!chronicle.mayLeak && !everForeign.has(pair) && !everLeft.has(pair))
        faults.push(`${pair} is left over in the end`);
    }
    const token = program.tokens.find((each) => each.library === index);
    if (token?.managedBy === undefined && library.mdmInfo?.id !== marks.get(service.libraryId(index)))
      faults.push(`library ${index} does not bear our mark in the end`);
    const active = activeIn(library);
    for (const id of chronicle.libraries[index]!.mustGo(active)) {
      const isMember = program.sets.some(
        ({ token: of, users }) => libraryOf(program, of) === index && users.some((user) => user.clientUserId === id),
      );
      if (!isMember && !chronicle.mayLeak) faults.push(`${id} left every set and is still registered in the end`);
    }
    for (const { token, users } of program.sets) {
      if (libraryOf(program, token) !== index) continue;
      for (const { clientUserId } of users)
        if (!active.has(clientUserId)) faults.push(`${clientUserId} is not registered in the end`);
    }
  }
  return faults;
}
