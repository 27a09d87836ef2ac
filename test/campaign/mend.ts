import { book, type Program, pairsOf, peopleApp, stranger } from "./programs";

/**
 * Takes out of a program what the product refuses, in favour of what was declared first: most programs of a history are to be good ones, and
 * a refusal would end its every operation at the first check.
 */
export function mend(program: Program): void {
  const tokens = new Set(program.tokens.map(({ name }) => name));
  program.apps = program.apps.filter(({ token }) => tokens.has(token));
  program.sets = program.sets.filter(({ token }) => tokens.has(token));
  program.assignments = program.assignments.filter(({ token }) => tokens.has(token));
  mendSets(program);
  for (const assignment of program.assignments) mendKinds(assignment);
  mendPairs(program);
  mendExclusive(program);
  mendPeople(program);
  program.assignments = program.assignments.filter(
    ({ apps, devices, people }) => apps.length > 0 && (devices !== undefined || people !== undefined),
  );
}

function mendSets(program: Program): void {
  const seen = new Set<string>();
  for (const set of program.sets) {
    set.users = set.users.filter(({ clientUserId }) => {
      if (clientUserId === stranger) return false;
      const slot = `${set.token} ${clientUserId}`;
      if (seen.has(slot)) return false;
      seen.add(slot);
      return true;
    });
  }
}

/** Books and products for people are not for devices, and a book is neither exclusive nor taken off. */
function mendKinds(assignment: Program["assignments"][number]): void {
  if (assignment.devices !== undefined)
    assignment.apps = assignment.apps.filter((app) => app !== book && app !== peopleApp);
  if (assignment.exclusive || assignment.intent === "uninstall")
    assignment.apps = assignment.apps.filter((app) => app !== book);
}

/** No licence is declared twice: the later resource loses the target. */
function mendPairs(program: Program): void {
  const seen = new Map<string, string>();
  for (const assignment of program.assignments) {
    const clashes = new Set(
      pairsOf(assignment)
        .filter((pair) => seen.has(`${assignment.token} ${pair}`))
        .map((pair) => pair.slice(pair.indexOf(" ") + 1)),
    );
    assignment.devices = assignment.devices?.filter((serial) => !clashes.has(`device ${serial}`));
    assignment.people = assignment.people?.filter((id) => !clashes.has(`user ${id}`));
    for (const pair of pairsOf(assignment)) seen.set(`${assignment.token} ${pair}`, assignment.name);
  }
}

/** What is exclusive in one resource is not given by another. */
function mendExclusive(program: Program): void {
  const { assignments } = program;
  for (const [index, one] of assignments.entries()) {
    for (const other of assignments.slice(index + 1)) {
      const share = one.token === other.token && one.apps.some((app) => other.apps.includes(app));
      const kinds = (one.devices && other.devices) || (one.people && other.people);
      if (share && kinds) one.exclusive = other.exclusive = false;
    }
  }
}

/** Who leaves every set loses the licences too. */
function mendPeople(program: Program): void {
  for (const assignment of program.assignments) {
    const known = new Set(
      program.sets
        .filter(({ token }) => token === assignment.token)
        .flatMap(({ users }) => users.map((user) => user.clientUserId)),
    );
    assignment.people = assignment.people?.filter((id) => known.has(id) || id === stranger);
  }
}
