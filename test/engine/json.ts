import type { Changes, Listener, Severity, Step } from "./events";
import type { Setting } from "./project";
import { isProvider, qualifiedType, type ResourceState, STACK_TYPE } from "./resource";
import { compact } from "./snapshot";
import { isSecret, mapProperties, type Properties, redact, SECRET_SIGNATURE, SIGNATURE } from "./values";

type Shown = Record<string, unknown>;

const prefixOf = (severity: Severity): string =>
  severity === "warning" || severity === "error" ? `${severity}: ` : "";

/** What is about the stack as a whole goes without a URN. */
const aboutResource = (urn: string | undefined): string | undefined =>
  urn && qualifiedType(urn) !== STACK_TYPE ? urn : undefined;

const hidden = (step: Step): boolean => isProvider(qualifiedType(step.urn));

/** The configuration, secrets hidden, as both forms of JSON begin. */
function shownConfig(settings: Record<string, Setting>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, setting.secret ? "[secret]" : setting.text]),
  );
}

/** Collects what a preview finds out, for the one object that `preview --json` prints. */
export class PreviewJson implements Listener {
  private readonly steps: Shown[] = [];
  private readonly diagnostics: Shown[] = [];
  private readonly started = process.hrtime.bigint();

  constructor(
    private readonly settings: Record<string, Setting>,
    private readonly write: (text: string) => void,
  ) {}

  begin(step: Step): void {
    if (hidden(step)) return;
    const shown: Shown = { op: step.op, urn: step.urn };
    const provider = step.now?.provider ?? step.old?.provider;
    if (provider) shown.provider = provider;
    if (step.old) shown.oldState = plain(step.old);
    // An update's outputs are not known while the steps are listed; a refresh's are filled in at its end.
    if (step.now) shown.newState = plain(step.now);
    if (step.replaceKeys) shown.replaceReasons = step.replaceKeys;
    this.steps.push({ ...shown, detailedDiff: null });
  }

  end(step: Step): void {
    const shown = this.steps.findLast((s) => s.urn === step.urn && s.op === step.op);
    if (shown && step.now) shown.newState = plain(step.now);
    else if (shown) delete shown.newState;
  }

  failed(): void {
    // The diagnostics say it.
  }

  outputs(state: ResourceState): void {
    const shown = this.steps.findLast((s) => s.urn === state.urn);
    if (shown) shown.newState = plain(state);
  }

  diagnostic(severity: Severity, message: string, urn?: string): void {
    if (severity === "debug") return;
    this.diagnostics.push({ urn: aboutResource(urn), message: `${prefixOf(severity)}${message}\n`, severity });
  }

  finish(_ok: boolean, changes: Changes): void {
    const duration = Number(process.hrtime.bigint() - this.started);
    const diagnostics = this.diagnostics.length > 0 ? { diagnostics: this.diagnostics } : {};
    const preview = {
      config: shownConfig(this.settings),
      steps: this.steps,
      ...diagnostics,
      duration,
      changeSummary: changes,
    };
    this.write(`${JSON.stringify(preview, null, 4)}\n`);
  }
}

/** Prints one engine event a line, as `up --json`, `refresh --json` and `destroy --json` do. */
export class EventJson implements Listener {
  private sequence = 0;
  private readonly started = Date.now();

  constructor(
    settings: Record<string, Setting>,
    private readonly write: (text: string) => void,
  ) {
    this.event("preludeEvent", { config: shownConfig(settings) });
  }

  begin(step: Step): void {
    if (!hidden(step)) this.event("resourcePreEvent", { metadata: metadata(step) });
  }

  end(step: Step): void {
    const component = step.now && !step.now.custom && step.op !== "refresh";
    if (!hidden(step) && !component)
      this.event("resOutputsEvent", { metadata: metadata({ ...step, op: step.result ?? step.op }) });
  }

  failed(step: Step): void {
    if (!hidden(step)) this.event("resOpFailedEvent", { metadata: metadata(step), status: 0, steps: 0 });
  }

  outputs(state: ResourceState, old: Properties): void {
    this.event("resOutputsEvent", {
      metadata: metadata({ op: "same", urn: state.urn, old: { ...state, outputs: old }, now: state }),
    });
  }

  diagnostic(severity: Severity, message: string, urn?: string): void {
    if (severity === "debug") return;
    const prefix = prefixOf(severity) || undefined;
    this.event("diagnosticEvent", {
      urn: aboutResource(urn),
      prefix,
      message: `${message}\n`,
      color: "never",
      severity,
    });
  }

  finish(ok: boolean, changes: Changes): void {
    const durationSeconds = Math.round((Date.now() - this.started) / 1000);
    const result = ok ? "succeeded" : "failed";
    this.event("summaryEvent", {
      maybeCorrupt: false,
      durationSeconds,
      resourceChanges: changes,
      PolicyPacks: {},
      isPreview: false,
      result,
    });
    this.event("cancelEvent", {});
  }

  private event(name: string, content: Shown): void {
    const event = { sequence: this.sequence++, timestamp: Math.floor(Date.now() / 1000), [name]: content };
    this.write(`${JSON.stringify(event)}\n`);
  }
}

/** A resource as a preview shows it: secrets, and what isn't known yet, in words. */
function plain(state: ResourceState): Shown {
  const shown: Shown = { ...compact(state) };
  if (state.inputs && shown.inputs) shown.inputs = redact(state.inputs);
  if (state.outputs && shown.outputs) shown.outputs = redact(state.outputs);
  return shown;
}

/** A step as events show it. */
function metadata(step: Step): Shown {
  const state = (resource: ResourceState | undefined): Shown | null =>
    resource
      ? {
          type: resource.type,
          urn: resource.urn,
          custom: resource.custom || undefined,
          delete: resource.delete,
          id: resource.id ?? "",
          parent: resource.parent ?? "",
          protect: resource.protect || undefined,
          inputs: veil(resource.inputs ?? {}),
          outputs: veil(resource.outputs ?? {}),
          provider: resource.provider ?? "",
          initErrors: resource.initErrors,
        }
      : null;
  return {
    op: step.op,
    urn: step.urn,
    type: qualifiedType(step.urn).split("$").pop(),
    old: state(step.old),
    new: state(step.now),
    keys: step.replaceKeys,
    detailedDiff: null,
    logical: (step.op !== "create-replacement" && step.op !== "delete-replaced") || undefined,
    provider: step.now?.provider ?? step.old?.provider ?? "",
  };
}

const veil = (properties: Properties): Properties =>
  mapProperties(properties, (value) =>
    isSecret(value) ? { [SIGNATURE]: SECRET_SIGNATURE, ciphertext: "[secret]" } : undefined,
  );
