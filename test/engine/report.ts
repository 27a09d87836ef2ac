import { isProvider, nameOf, type ResourceState, STACK_TYPE, typeOf } from "./resource";
import type { Setting } from "./session";
import { changedKeys, equal, type Properties, redact, type Value } from "./values";

/** What a step does, in the words of the CLI, and the sign for it. */
const signs = {
  same: "",
  create: "+",
  update: "~",
  delete: "-",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  refresh: "",
  read: "",
};
export type Op = keyof typeof signs;
export type Moment = "begin" | "end" | "failed";
/** How bad a message is; `info#err` is a line that somebody printed. */
export type Severity = "debug" | "info" | "info#err" | "warning" | "error";

/** One step. A refresh has a result; a replacement has the names of the inputs because of which it is one. */
export interface Step {
  op: Op;
  urn: string;
  old?: ResourceState;
  now?: ResourceState;
  replaceKeys?: string[];
  result?: Op;
}

/** What stands before a message. */
export const prefixOf = (severity: Severity): string => (/^(warning|error)$/.test(severity) ? `${severity}: ` : "");

/** Tells people what happens in a pass, in lines much like the CLI's. */
export class Reporter {
  /** How many resources were created, updated and so on. The parts of a replacement count once, as the replacement. */
  readonly changes: Partial<Record<Op, number>> = {};
  protected readonly started = Date.now();
  private readonly diagnostics = new Map<string, string[]>();
  private stackOutputs: [now: Properties, old: Properties] = [{}, {}];

  constructor(readonly pass: { title: string; preview: boolean; diff: boolean; settings: Record<string, Setting> }) {}

  /** Prints a text, with the secrets of the configuration masked; very short ones would mask half of it. */
  protected print(text: string): void {
    const secrets = Object.values(this.pass.settings).filter(({ secret, text }) => secret && text.length > 2);
    process.stdout.write(secrets.reduce((shown, secret) => shown.replaceAll(secret.text, "[secret]"), text));
  }

  /** Takes note of a step, default providers apart. */
  step(moment: Moment, step: Step): void {
    if (isProvider(typeOf(step.urn))) return;
    const op = step.result ?? step.op;
    if (moment === "end" && op !== "read" && !op.includes("-")) this.changes[op] = (this.changes[op] ?? 0) + 1;
    this.show(moment, step, op);
  }

  protected show(moment: Moment, { urn, old, now, result, replaceKeys }: Step, op: Op): void {
    const { preview, diff } = this.pass;
    if (moment === "begin" || op === "refresh" || (op === "same" && typeOf(urn) !== STACK_TYPE)) return;
    const [verb, what = ""] = op === "delete-replaced" ? ["delete", "original"] : op.split("-");
    const word =
      moment === "failed" ? `**${op} failed**` : /^(same|read)$/.test(op) ? "" : `${verb}${preview ? "" : "d"} ${what}`;
    const side = result ? "outputs" : "inputs";
    const [before, after] = [old?.[side] ?? {}, now?.[side] ?? {}];
    const keys = /^(update|replace)$/.test(op) ? changedKeys(before, after).filter((key) => key !== "__provider") : [];
    const named = (replaceKeys ?? keys).map((key) => `~${key}`).join(",");
    this.print(
      `${` ${signs[op].padEnd(2)} ${typeOf(urn)} ${nameOf(urn)} ${word}`.trimEnd()}${named && ` [diff: ${named}]`}\n`,
    );
    if (diff) for (const key of keys) this.print(`        ${change(key, before[key], after[key])}\n`);
  }

  /** A component, or the stack, has told its outputs. */
  outputs(state: ResourceState, old: Properties): void {
    if (state.type === STACK_TYPE) this.stackOutputs = [state.outputs, old];
  }

  diagnostic(severity: Severity, message: string, urn?: string): void {
    if (severity.startsWith("info") && (!urn || typeOf(urn) === STACK_TYPE)) this.running(message, urn);
    const heading = urn ? `${typeOf(urn)} (${nameOf(urn)})` : STACK_TYPE;
    const text = prefixOf(severity) + message.trimEnd();
    if (severity !== "debug") this.diagnostics.set(heading, [...(this.diagnostics.get(heading) ?? []), text]);
  }

  /** What somebody printed is shown at once, in the stack's row, and once more at the end. */
  private running(message: string, urn?: string): void {
    const row = `    ${STACK_TYPE} ${urn ? nameOf(urn) : ""} running`.trimEnd();
    for (const line of message.trimEnd().split("\n")) this.print(`${row} ${line}\n`);
  }

  /** The pass is over. */
  finish(ok: boolean): void {
    const { preview, title } = this.pass;
    if (this.diagnostics.size > 0) this.print("\nDiagnostics:\n");
    for (const [heading, messages] of this.diagnostics)
      this.print(`  ${heading}:\n${messages.map((text) => `    ${text.replaceAll("\n", "\n    ")}\n`).join("")}\n`);
    const [now, old] = this.stackOutputs;
    const keys = preview ? changedKeys(old, now) : Object.keys({ ...old, ...now }).sort();
    if (keys.length > 0)
      this.print(`Outputs:\n${keys.map((key) => `  ${change(key, old[key], now[key])}\n`).join("")}\n`);
    this.print("Resources:\n");
    for (const op of ["create", "update", "delete", "replace"] as const)
      if (this.changes[op])
        this.print(`    ${signs[op].padEnd(2)}${this.changes[op]} ${preview ? `to ${op}` : `${op}d`}\n`);
    if (this.changes.same) this.print(`    ${this.changes.same} unchanged\n`);
    if (!preview) this.print(`\nDuration: ${Math.round((Date.now() - this.started) / 1000)}s\n`);
    this.print(ok ? "\n" : `\n${title} failed\n\n`);
  }
}

/** One property's change. Lists are compared by position, as the CLI does it. */
function change(key: string, old: Value | undefined, now: Value | undefined, indent = "\n          "): string {
  if (Array.isArray(old) && Array.isArray(now) && !equal(old, now)) {
    const at = [...(old.length > now.length ? old : now).keys()].filter((index) => !equal(old[index], now[index]));
    const lines = at.map((index) => indent + change(`[${index}]`, old[index], now[index], `${indent}  `));
    return `~ ${key}: [${lines.join("")}${indent}]`;
  }
  const text = (value: Value = null): string => JSON.stringify(redact(value)).replaceAll('"[unknown]"', "[unknown]");
  if (equal(old, now)) return `  ${key}: ${text(now)}`;
  return `${old === undefined ? "+" : "~"} ${key}: ${old === undefined ? "" : `${text(old)} => `}${text(now)}`;
}
