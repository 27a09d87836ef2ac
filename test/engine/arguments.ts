import { UserError, unsupported } from "./errors";

/** A command line, taken apart. */
export interface CommandLine {
  /** Everything that is no option: the command, its sub-command, and what they are applied to. */
  words: string[];
  has(option: string): boolean;
  /** The last value of an option. */
  value(option: string): string | undefined;
  /** All values of an option that may be given several times. */
  values(option: string): string[];
}

const flags = [
  "yes",
  "skip-preview",
  "refresh",
  "preview-only",
  "expect-no-changes",
  "run-program",
  "target-dependents",
  "json",
  "non-interactive",
  "diff",
  "show-secrets",
  "secret",
  "plaintext",
  "path",
  "force",
  "remove",
];
const valued = ["target", "target-replace", "exclude", "parallel", "stack", "cwd", "file", "message"];
/** Accepted, since scripts pass them, and without effect. */
const ignoredFlags = [
  "logtostderr",
  "logflow",
  "suppress-progress",
  "suppress-outputs",
  "suppress-permalink",
  "disable-integrity-checking",
  "no-select",
  "create",
];
const ignoredValued = ["color", "verbose", "secrets-provider"];
const short: Record<string, string> = {
  y: "yes",
  f: "skip-preview",
  r: "refresh",
  p: "parallel",
  t: "target",
  s: "stack",
  C: "cwd",
  j: "json",
  m: "message",
  v: "verbose",
};

/** Takes a command line apart; options may stand anywhere. */
export function parseArguments(args: string[]): CommandLine {
  const words: string[] = [];
  const given = new Map<string, string[]>();
  const rest = [...args];
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === "--") {
      words.push(...rest.splice(0));
    } else if (!word.startsWith("-") || word === "-") {
      words.push(word);
    } else {
      const [name, value] = split(word);
      const takesValue = valued.includes(name) || ignoredValued.includes(name);
      if (!takesValue && !flags.includes(name) && !ignoredFlags.includes(name)) throw unsupported(`the option ${word}`);
      const answer = takesValue ? (value ?? rest.shift()) : (value ?? "true");
      if (answer === undefined) throw new UserError(`flag needs an argument: ${word}`);
      given.set(name, [...(given.get(name) ?? []), answer]);
    }
  }
  return {
    words,
    has: (option) => given.has(option) && given.get(option)!.at(-1) !== "false",
    value: (option) => given.get(option)?.at(-1),
    values: (option) => given.get(option) ?? [],
  };
}

function split(word: string): [name: string, value: string | undefined] {
  if (!word.startsWith("--")) {
    const name = short[word[1]!] ?? word.slice(1);
    return [name, word.length > 2 ? word.slice(word[2] === "=" ? 3 : 2) : undefined];
  }
  const at = word.indexOf("=");
  return at < 0 ? [word.slice(2), undefined] : [word.slice(2, at), word.slice(at + 1)];
}
