import { type Moment, type Op, prefixOf, Reporter, type Severity, type Step } from "./report";
import { compact, type ResourceState, STACK_TYPE, typeOf } from "./resource";
import { type Properties, redact } from "./values";

type Shown = Record<string, unknown>;

/** A resource as it is shown: secrets, and what isn't known yet, in words. */
const plain = (state: ResourceState | undefined): ResourceState | undefined =>
  state && compact({ ...state, inputs: redact(state.inputs), outputs: redact(state.outputs) });

/** What is about the stack as a whole goes without a URN. */
const aboutResource = (urn = ""): string | undefined => (urn && typeOf(urn) !== STACK_TYPE ? urn : undefined);

const configOf = ({ settings }: Reporter["pass"]): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([key, { text, secret }]) => [key, secret ? "[secret]" : text]));

/** Collects what a preview finds out, for the one object that `preview --json` prints. */
export class PreviewJson extends Reporter {
  private readonly steps: Shown[] = [];
  private readonly messages: Shown[] = [];

  protected override show(moment: Moment, { op, urn, old, now, replaceKeys }: Step): void {
    // The parts of a replacement are not listed, and of what stays as it is only the stack.
    if (op.includes("-") || (op === "same" && typeOf(urn) !== STACK_TYPE)) return;
    if (moment === "begin") this.steps.push({ op, urn });
    const states = { provider: (now ?? old)?.provider, oldState: plain(old), newState: plain(now) };
    const shown = this.steps.findLast((step) => step.urn === urn && step.op === op)!;
    Object.assign(shown, { ...states, replaceReasons: replaceKeys, detailedDiff: null });
  }

  override outputs(state: ResourceState): void {
    Object.assign(this.steps.findLast(({ urn }) => urn === state.urn) ?? {}, { newState: plain(state) });
  }

  override diagnostic(severity: Severity, message: string, urn?: string): void {
    const shown = { urn: aboutResource(urn), message: `${prefixOf(severity)}${message}\n`, severity };
    if (severity !== "debug") this.messages.push(shown);
  }

  override finish(): void {
    const { steps, messages, changes: changeSummary } = this;
    const duration = (Date.now() - this.started) * 1e6;
    const diagnostics = messages.length > 0 ? messages : undefined;
    const preview = { config: configOf(this.pass), steps, diagnostics, duration, changeSummary };
    this.print(`${JSON.stringify(preview, null, 4)}\n`);
  }
}

/** Prints one engine event a line, as `up --json`, `refresh --json` and `destroy --json` do. */
export class EventJson extends Reporter {
  private sequence = 0;

  protected override show(moment: Moment, step: Step, op: Op): void {
    if (moment === "begin") this.event("resourcePreEvent", { metadata: metadata(step) });
    else if (moment === "failed") this.event("resOpFailedEvent", { metadata: metadata(step), status: 0, steps: 0 });
    else if (!step.now || step.now.custom || step.result)
      this.event("resOutputsEvent", { metadata: metadata({ ...step, op }) });
  }

  override outputs(now: ResourceState, outputs: Properties): void {
    this.event("resOutputsEvent", { metadata: metadata({ op: "same", urn: now.urn, old: { ...now, outputs }, now }) });
  }

  override diagnostic(severity: Severity, message: string, urn?: string): void {
    const shown = {
      urn: aboutResource(urn),
      prefix: prefixOf(severity) || undefined,
      message: `${message}\n`,
      color: "never",
    };
    if (severity !== "debug") this.event("diagnosticEvent", { ...shown, severity });
  }

  override finish(ok: boolean): void {
    const durationSeconds = Math.round((Date.now() - this.started) / 1000);
    const summary = { maybeCorrupt: false, durationSeconds, resourceChanges: this.changes, isPreview: false };
    this.event("summaryEvent", { ...summary, result: ok ? "succeeded" : "failed" });
    this.event("cancelEvent", {});
  }

  private event(name: string, content: Shown): void {
    if (this.sequence === 0 && name !== "preludeEvent") this.event("preludeEvent", { config: configOf(this.pass) });
    const event = { sequence: this.sequence++, timestamp: Math.floor(Date.now() / 1000), [name]: content };
    this.print(`${JSON.stringify(event)}\n`);
  }
}

/** A step as events show it. */
function metadata({ op, urn, old, now, replaceKeys: keys }: Step): Shown {
  const about = { op, urn, type: typeOf(urn), provider: (now ?? old)?.provider ?? "" };
  const logical = !op.includes("-") || undefined;
  return { ...about, old: plain(old) ?? null, new: plain(now) ?? null, keys, detailedDiff: null, logical };
}
