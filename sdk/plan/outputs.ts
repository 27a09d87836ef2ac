import * as pulumi from "@pulumi/pulumi";

/** What an Output tells about itself beside its value; the SDK has these for its own use. */
interface OutputInternals {
  readonly isKnown?: Promise<boolean>;
  allResources?(): Promise<ReadonlySet<pulumi.Resource>>;
}

/** What plain values stand behind outputs of our own, so that the plan need not wait for them. */
const plainValues = new WeakMap<object, unknown>();

/** Notes that an output will have this value. */
export function rememberPlain(output: object, value: unknown): void {
  plainValues.set(output, value);
}

/** The plain value of an output of our own, or the output itself: each output among the inputs costs Pulumi's SDK several promises. */
export function plainOr<T>(output: pulumi.Output<T>): pulumi.Input<T> {
  return (plainValues.get(output) as T | undefined) ?? output;
}

/**
 * Hands on the value of an input: at once if it is plain, later if it is an output that becomes known, never if it stays unknown. What is
 * returned resolves when no more is to come.
 */
export function whenKnown<T>(input: pulumi.Input<T> | undefined, use: (value: T) => void): Promise<unknown> {
  if (input === undefined) return Promise.resolve();
  const plain = typeof input === "object" && input !== null ? (plainValues.get(input) as T | undefined) : undefined;
  if (plain !== undefined) {
    use(plain);
    return Promise.resolve();
  }
  if (pulumi.Output.isInstance<T>(input)) {
    const output = input;
    const used = output.apply((value) => use(value));
    return Promise.resolve((used as unknown as OutputInternals).isKnown).catch(() => undefined);
  }
  if (input instanceof Promise) return input.then(use, () => undefined);
  use(input as T);
  return Promise.resolve();
}

/** Like {@link whenKnown} for a text. A program in plain JavaScript may give anything; the provider's check says what is wrong with it. */
export function whenTextKnown(input: pulumi.Input<string> | undefined, use: (value: string) => void): Promise<unknown> {
  return whenKnown<unknown>(input, (value) => {
    if (typeof value === "string") use(value);
  });
}

/** Like {@link whenKnown} for a list whose items can be outputs too; `use` gets what is known so far, each time more is. */
export function whenListKnown<T>(
  input: pulumi.Input<pulumi.Input<T>[]> | undefined,
  use: (values: readonly T[]) => void,
): Promise<unknown> {
  if (!Array.isArray(input)) {
    return whenKnown(input as pulumi.Input<T[]> | undefined, (list) => {
      if (Array.isArray(list)) use(list);
    });
  }
  const values: (T | undefined)[] = new Array<T | undefined>(input.length);
  const share = (): void => use(values.filter((value) => value !== undefined));
  let isFirst = true;
  const waits = input.map((item, index) =>
    whenKnown<T>(item, (value) => {
      values[index] = value;
      if (!isFirst) share();
    }),
  );
  isFirst = false;
  share();
  return Promise.all(waits);
}

/** The resources that an input's value comes from. */
export async function resourcesBehind(input: unknown): Promise<ReadonlySet<pulumi.Resource>> {
  const found = new Set<pulumi.Resource>();
  for (const item of Array.isArray(input) ? input : [input]) {
    if (!pulumi.Output.isInstance(item)) continue;
    const behind = await (item as unknown as OutputInternals).allResources?.();
    for (const resource of behind ?? []) found.add(resource);
  }
  return found;
}
