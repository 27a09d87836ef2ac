import type { Changes, Listener, Op, Severity, Step } from "./events";
import { isProvider, nameOf, qualifiedType, type ResourceState, STACK_TYPE } from "./resource";
import { changedKeys, equal, type Properties, redact, type Value } from "./values";

const signs: Record<Op, string> = {
  same: " ",
  create: "+",
  update: "~",
  delete: "-",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  refresh: "~",
  read: ">",
  "read-replacement": ">+",
  discard: "<",
};

/** What a step is called before, while and after it runs. */
const words: Record<Op, [string, string, string]> = {
  same: ["", "", ""],
  create: ["create", "creating", "created"],
  update: ["update", "updating", "updated"],
  delete: ["delete", "deleting", "deleted"],
  replace: ["replace", "replacing", "replaced"],
  "create-replacement": ["create replacement", "creating replacement", "created replacement"],
  "delete-replaced": ["delete original", "deleting original", "deleted original"],
  refresh: ["refresh", "refreshing", "refreshed"],
  read: ["read", "reading", "read"],
  "read-replacement": ["read", "reading", "read"],
  discard: ["discard", "discarding", "discarded"],
};

/** Tells people what happens, in lines much like the CLI's. */
export class TextDisplay implements Listener {
  private readonly diagnostics = new Map<string, string[]>();
  private readonly started = Date.now();
  private readonly errored = new Set<string>();
  private stackOutputs: [now: Properties, old: Properties] | undefined;

  constructor(
    private readonly title: string,
    stack: string,
    private readonly preview: boolean,
    private readonly fullDiff: boolean,
    private readonly write: (text: string) => void,
  ) {
    write(`${title} (${stack}):\n\n`);
  }

  begin(step: Step): void {
    if (!this.preview && !["replace", "refresh", "same"].includes(step.op))
      this.line(step, words[step.op][1], this.fullDiff);
  }

  end(step: Step): void {
    if (step.op === "refresh") {
      const result = step.result ?? "same";
      this.line({ ...step, op: result }, words[result][this.preview ? 0 : 2], this.fullDiff);
    } else this.line(step, words[step.op][this.preview ? 0 : 2], this.fullDiff && this.preview);
  }

  failed(step: Step): void {
    this.line(step, `**${words[step.op][1] || step.op} failed**`, false);
  }

  outputs(state: ResourceState, old: Properties): void {
    if (state.type === STACK_TYPE) this.stackOutputs = [state.outputs ?? {}, old];
  }

  diagnostic(severity: Severity, message: string, urn?: string): void {
    if (severity === "debug") return;
    const heading = urn ? `${qualifiedType(urn).split("$").pop()} (${nameOf(urn)})` : `${STACK_TYPE}`;
    if (severity === "error") this.errored.add(heading);
    const prefix = severity === "warning" || severity === "error" ? `${severity}: ` : "";
    this.diagnostics.set(heading, [...(this.diagnostics.get(heading) ?? []), prefix + message.trimEnd()]);
  }

  finish(ok: boolean, changes: Changes): void {
    if (this.diagnostics.size > 0) this.write("\nDiagnostics:\n");
    for (const [heading, messages] of this.diagnostics) {
      this.write(
        `  ${heading}:\n${messages.map((message) => `    ${message.replaceAll("\n", "\n    ")}\n`).join("")}\n`,
      );
    }
    this.writeOutputs();
    this.writeSummary(changes);
    if (!this.preview) this.write(`\nDuration: ${Math.round((Date.now() - this.started) / 1000)}s\n`);
    if (!ok) this.write(`\n${this.title} failed\n`);
    this.write("\n");
  }

  private line(step: Step, word: string, full: boolean): void {
    const type = qualifiedType(step.urn).split("$").pop()!;
    if (isProvider(type) || step.op === "discard" || (step.op === "same" && type !== STACK_TYPE)) return;
    const keys = step.replaceKeys?.map((key) => `~${key}`) ?? keyDifferences(step);
    const diff = (step.op === "update" || step.replaceKeys) && keys.length > 0 ? ` [diff: ${keys.join(",")}]` : "";
    this.write(` ${signs[step.op].padEnd(2)} ${type} ${nameOf(step.urn)} ${word}${diff}\n`.replace(/ +\n$/, "\n"));
    if (full) this.write(fullDifference(step));
  }

  private writeOutputs(): void {
    if (!this.stackOutputs) return;
    const [now, old] = this.stackOutputs;
    const changed = changedKeys(old, now);
    if (Object.keys(now).length === 0 && changed.length === 0) return;
    if (this.preview && changed.length === 0) return;
    this.write("Outputs:\n");
    for (const key of [...new Set([...Object.keys(old), ...Object.keys(now)])].sort()) {
      this.write(
        `  ${changed.includes(key) ? describeChange(key, old[key], now[key]) : `  ${key}: ${show(now[key])}`}\n`,
      );
    }
    this.write("\n");
  }

  private writeSummary(changes: Changes): void {
    this.write("Resources:\n");
    for (const op of ["create", "update", "delete", "replace"] as const) {
      if (!changes[op]) continue;
      const word = this.preview ? `to ${words[op][0]}` : words[op][2];
      this.write(`    ${signs[op].padEnd(2)}${changes[op]} ${word}\n`);
    }
    if (changes.same) this.write(`    ${changes.same} unchanged\n`);
    if (this.errored.size > 0) this.write(`    ${this.errored.size} errored\n`);
  }
}

/** What of a resource is compared: outputs after a refresh, else inputs. */
function sides(step: Step): [old: Properties, now: Properties] {
  const clean = (properties: Properties | undefined): Properties => {
    return Object.fromEntries(Object.entries(properties ?? {}).filter(([key]) => key !== "__provider"));
  };
  if (step.result) return [clean(step.old?.outputs), clean(step.now?.outputs)];
  return [clean(step.old?.inputs), clean(step.now?.inputs)];
}

/** The names of the properties that differ, each with a sign for how. */
export function keyDifferences(step: Step): string[] {
  const [old, now] = sides(step);
  return changedKeys(old, now).map(
    (key) => `${old[key] === undefined ? "+" : now[key] === undefined ? "-" : "~"}${key}`,
  );
}

function fullDifference(step: Step): string {
  if (step.op === "same") return "";
  const [old, now] = sides(step);
  const id = step.old?.id ? [`      [id=${step.old.id}]`] : [];
  const lines =
    step.op === "delete" || step.op === "delete-replaced"
      ? []
      : changedKeys(old, now).map((key) => `    ${describeChange(key, old[key], now[key])}`);
  return [...id, `      [urn=${step.urn}]`, ...lines, ""].join("\n");
}

/** One property's change. Lists are compared by position, as the CLI does it. */
function describeChange(key: string, old: Value | undefined, now: Value | undefined, indent = "    "): string {
  if (old === undefined || old === null) return `+ ${key}: ${show(now)}`;
  if (now === undefined || now === null) return `- ${key}: ${show(old)}`;
  if (!Array.isArray(old) || !Array.isArray(now)) return `~ ${key}: ${show(old)} => ${show(now)}`;
  const lines: string[] = [];
  for (let i = 0; i < Math.max(old.length, now.length); i++) {
    if (!equal(old[i], now[i])) lines.push(`${indent}  ${describeChange(`[${i}]`, old[i], now[i], `${indent}  `)}`);
  }
  return `~ ${key}: [\n${lines.map((line) => `  ${line}`).join("\n")}\n${indent}]`;
}

const show = (value: Value | undefined): string => JSON.stringify(redact(value ?? null));
