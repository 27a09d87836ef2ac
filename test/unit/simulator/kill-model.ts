import assert from "node:assert/strict";
import type { Body, LibraryState } from "./bodies";

/** What one write does to the truth, if it was accepted. */
export interface Effect {
  readonly name: string;
  /** Changes the expectation as the whole write changes the truth. */
  readonly apply: (truth: Expected) => void;
}

/** What a library should hold: pairs as `ADAMID SERIAL`, states of users, and what else was written. */
export class Expected {
  readonly pairs = new Set<string>();
  readonly users = new Map<string, string>();
  readonly owned = new Map<string, number>();
  readonly tokens = new Set<string>();
  mark: string | null = null;
  secret: string | undefined;
  offsetSeconds = 0;

  copy(): Expected {
    const copy = new Expected();
    const { mark, secret, offsetSeconds } = this;
    for (const pair of this.pairs) copy.pairs.add(pair);
    for (const [id, status] of this.users) copy.users.set(id, status);
    for (const [id, count] of this.owned) copy.owned.set(id, count);
    for (const name of this.tokens) copy.tokens.add(name);
    return Object.assign(copy, { mark, secret, offsetSeconds });
  }
}

/** What was found after a start, in the same terms. */
export interface Found {
  readonly state: LibraryState;
  readonly config: Body;
  readonly offsetSeconds: number;
}

/**
 * Says which of the writes that were on their way when the simulator was killed took place: each whole or not at all.
 * Fails when no choice leads to what was found.
 */
export function resolve(expected: Expected, onTheirWay: readonly Effect[], found: Found, note: string): Expected {
  let best: string[] = [];
  for (let choice = 0; choice < 2 ** onTheirWay.length; choice += 1) {
    const candidate = expected.copy();
    for (const [index, effect] of onTheirWay.entries()) {
      if ((choice >> index) % 2 === 1) {
        effect.apply(candidate);
      }
    }
    const wrong = differences(candidate, found);
    if (wrong.length === 0) {
      return candidate;
    }
    best = choice === 0 || wrong.length < best.length ? wrong : best;
  }
  const names = onTheirWay.map((effect) => effect.name).join(", ");
  assert.fail(`${note}: ${best.slice(0, 10).join("; ")} (on their way: ${names === "" ? "none" : names})`);
}

function differences(expected: Expected, { state, config, offsetSeconds }: Found): string[] {
  const pairs = state.assignments.map((pair) => `${pair.adamId} ${pair.serialNumber}`);
  const users = new Map(state.users.map((user) => [user.clientUserId, user.status]));
  return [
    ...compare("pair", expected.pairs, pairs),
    ...compare("user", texts(expected.users), texts(users)),
    ...compare(
      "token",
      expected.tokens,
      state.tokens.map((token) => `${token.name} ${token.status}`),
    ),
    ...compare(
      "asset",
      [...expected.owned].map(([id, owned]) => {
        const held = [...expected.pairs].filter((pair) => pair.startsWith(`${id} `)).length;
        return `${id} has ${owned}, ${held} given, ${owned - held} left`;
      }),
      state.assets.map(
        (each) => `${each.adamId} has ${each.totalCount}, ${each.assignedCount} given, ${each.availableCount} left`,
      ),
    ),
    ...compare("mark", [String(expected.mark)], [String(state.mdmInfo?.id ?? null)]),
    ...compare("secret", [String(expected.secret)], [String(config.notificationAuthToken)]),
    ...compare("clock", [String(expected.offsetSeconds)], [String(offsetSeconds)]),
  ];
}

function compare(what: string, expected: Iterable<string>, found: readonly string[]): string[] {
  const wanted = new Set(expected);
  const there = new Set(found);
  return [
    ...[...wanted].filter((text) => !there.has(text)).map((text) => `${what} "${text}" is missing`),
    ...[...there].filter((text) => !wanted.has(text)).map((text) => `${what} "${text}" is too much`),
    ...(there.size < found.length ? [`a ${what} occurs twice`] : []),
  ];
}

function texts(map: ReadonlyMap<string, string>): string[] {
  return [...map].map(([key, value]) => `${key} ${value}`);
}
