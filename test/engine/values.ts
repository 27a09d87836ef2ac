/** A property value, in the shape in which it also goes over the wire. */
export type Value = null | boolean | number | string | Value[] | Properties;

/** The properties of a resource: inputs or outputs. */
export interface Properties {
  [key: string]: Value;
}

/** The text that stands for a value which is not known before the update has run. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key that marks an object as something else than plain data. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** What stands under the signature of a secret. */
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Tells whether a value is an object with properties, which a secret is not. */
export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
}

/** Tells whether a value is wrapped as a secret. */
export function isSecret(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && value[SIGNATURE] === SECRET_SIGNATURE;
}

/** Wraps a value as a secret; secrets within it are unwrapped, since one wrapping is enough. */
export function makeSecret(value: Value): Properties {
  return { [SIGNATURE]: SECRET_SIGNATURE, value: unwrap(value) };
}

/** Rebuilds a value, letting `replace` exchange any value on the way down; undefined leaves it as it is. */
export function mapValue(value: Value, replace: (value: Value) => Value | undefined): Value {
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map((item) => mapValue(item, replace));
  return typeof value === "object" && value !== null ? mapProperties(value, replace) : value;
}

/** Does what `mapValue` does for each of the properties. */
export function mapProperties(properties: Properties, replace: (value: Value) => Value | undefined): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, mapValue(value, replace)]));
}

/** The value without its secret wrappings, as a provider gets it that does not know about secrets. */
export function unwrap<T extends Value>(value: T): T {
  return mapValue(value, (v) => (isSecret(v) ? unwrap(v.value!) : undefined)) as T;
}

/** The value as it may be shown to people. */
export function redact(value: Value): Value {
  return mapValue(value, (v) => (isSecret(v) ? "[secret]" : v === UNKNOWN ? "[unknown]" : undefined));
}

function someValue(value: Value | undefined, test: (value: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some((item) => someValue(item, test));
}

/** Tells whether a secret is anywhere in the value. */
export const containsSecret = (value: Value | undefined): boolean => someValue(value, isSecret);

/** Tells whether anything in the value is not yet known. */
export const containsUnknown = (value: Value | undefined): boolean => someValue(value, (v) => v === UNKNOWN);

/**
 * Makes secret in `results` what is secret under the same key in `source`. This is how secrets survive a provider that
 * does not know about them.
 */
export function annotateSecrets(results: Properties, source: Properties): Properties {
  const annotated = { ...results };
  for (const [key, given] of Object.entries(source)) {
    const result = annotated[key];
    if (result === undefined) continue;
    if (isObject(result) && isObject(given)) annotated[key] = annotateSecrets(result, given);
    else if (!isSecret(result) && containsSecret(given)) annotated[key] = makeSecret(result);
  }
  return annotated;
}

/** Compares two values; a property that is null counts as one that is absent. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b || (a ?? null) === (b ?? null)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || !a || !b) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  return changedKeys(a, b).length === 0;
}

/** The names of the properties that differ, in order of the alphabet. */
export function changedKeys(a: Properties = {}, b: Properties = {}): string[] {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => !equal(a[key], b[key])).sort();
}

/** The steps of a path such as `a.b[0]["c d"]`. */
export function parsePath(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const pattern = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/gy;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (!match) throw new Error(`"${path}" is not a property path`);
    steps.push(match[2] !== undefined ? Number(match[2]) : (match[1] ?? match[3]!.replace(/\\(.)/g, "$1")));
  }
  return steps;
}

/** The value at a path, or undefined. */
export function getPath(value: Value | undefined, path: (string | number)[]): Value | undefined {
  return path.reduce<Value | undefined>((at, step) => {
    if (typeof at !== "object" || at === null) return undefined;
    return Array.isArray(at) ? at[Number(step)] : at[step];
  }, value);
}

/** Sets, or with undefined removes, the value at a path; containers on the way are made as the steps ask for. */
export function setPath(root: Properties | Value[], path: (string | number)[], value: Value | undefined): void {
  const [step, ...rest] = path;
  const at = root as Properties;
  if (rest.length > 0) {
    if (typeof at[step!] !== "object" || at[step!] === null) at[step!] = typeof rest[0] === "number" ? [] : {};
    setPath(at[step!] as Properties, rest, value);
  } else if (value !== undefined) at[step!] = value;
  else if (Array.isArray(root)) root.splice(Number(step), 1);
  else delete at[step!];
}
