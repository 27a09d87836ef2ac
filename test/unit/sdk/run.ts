import { existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { AssignmentLine, PlanInput, PlanLine, PlanReference } from "../../../provider/plan/planLines";

/** What the engine was asked to register. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** The ledger as it was when the registration came, since that is what the check would see. */
  readonly ledger: PlanLine[];
}

/** How a run is to go. */
export interface RunOptions {
  readonly preview?: boolean;
  /** Outputs beside the echoed inputs, by the resource's name. In a preview there are none. */
  readonly outputs?: Readonly<Record<string, object>>;
}

/** What a run left. */
export interface Ran {
  readonly file: string;
  readonly registered: ReadonlyMap<string, Registered>;
  /** The last line of each declaration, by the resource's name. */
  readonly line: (name: string) => PlanLine | undefined;
  readonly assignment: (name: string) => AssignmentLine;
}

/** Every line of a ledger. */
export function readLedger(file: string): PlanLine[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as PlanLine);
}

/** Where inputs say that the plan is. */
export function planIn(inputs: Readonly<Record<string, unknown>>): PlanReference | undefined {
  const text = (inputs.plan ?? (inputs.token as { plan?: PlanInput } | undefined)?.plan) as PlanInput | undefined;
  return text === undefined ? undefined : (JSON.parse(text) as PlanReference);
}

/** Runs a program against a made-up engine that echoes inputs, as the real one does, and waits until all is registered. */
export async function run(program: () => readonly pulumi.Resource[], options: RunOptions = {}): Promise<Ran> {
  const registered = new Map<string, Registered>();
  let file = "";
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
        const given = inputs as Record<string, unknown>;
        const plan = planIn(given);
        if (plan !== undefined) file = plan.file;
        registered.set(name, { type, name, inputs: given, ledger: existsSync(file) ? readLedger(file) : [] });
        return { id: options.preview ? "" : `${name}-id`, state: { ...given, ...options.outputs?.[name] } };
      },
    },
    "trial",
    "dev",
    options.preview,
    "contoso",
  );
  const resources = program();
  await Promise.all(resources.map((resource) => new Promise((resolve) => resource.urn.apply(resolve))));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const line = (name: string): PlanLine | undefined =>
    readLedger(file).findLast((candidate) => "name" in candidate && candidate.name === name);
  return {
    file,
    registered,
    line,
    assignment: (name) => {
      const found = line(name);
      if (found?.t !== "assignment") throw new Error(`The ledger has no assignment ${name}.`);
      return found;
    },
  };
}
