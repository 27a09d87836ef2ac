/** A property value, in the shape in which it also goes over the wire. */
export type Value = null | boolean | number | string | Value[] | Properties;

export interface Properties {
  [key: string]: Value;
}

/** The text that stands for a value which is not known before the update has run. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key, and what stands under it, that mark an object as a secret. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const isObject = (value: Value | undefined): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isSecret = (value: Value | undefined): value is Properties =>
  isObject(value) && value[SIGNATURE] === SECRET;

/** Wraps a value as a secret; secrets within it are unwrapped, since one wrapping is enough. */
export const makeSecret = (value: Value): Properties => ({ [SIGNATURE]: SECRET, value: unwrap(value) });

/** Rebuilds a value, letting `replace` exchange any value on the way down; undefined leaves it as it is. */
export function mapValue<T extends Value>(value: T, replace: (value: Value) => Value | undefined): T {
  const replaced = replace(value);
  if (replaced !== undefined) return replaced as T;
  if (Array.isArray(value)) return value.map((item) => mapValue(item, replace)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValue(item, replace)])) as T;
}

/** The value without its secret wrappings, as a provider gets it that does not know about secrets. */
export const unwrap = <T extends Value>(value: T): T =>
  mapValue(value, (item) => (isSecret(item) ? unwrap(item.value!) : undefined));

/** The value as it may be shown to people. */
export const redact = <T extends Value>(value: T): T =>
  mapValue(value, (item) => (isSecret(item) ? "[secret]" : item === UNKNOWN ? "[unknown]" : undefined));

/** Tells whether a value is a secret, or holds one at any depth. */
export const containsSecret = (value: Value | undefined): boolean =>
  isSecret(value) || (typeof value === "object" && value !== null && Object.values(value).some(containsSecret));

/** Makes secret in `results` what is secret under the same key in `source`: providers don't know about secrets. */
export function annotateSecrets(results: Properties = {}, source: Properties): Properties {
  const annotate = (result: Value, given: Value | undefined): Value => {
    if (!containsSecret(given)) return result;
    return isObject(result) && isObject(given) && !isSecret(given)
      ? annotateSecrets(result, given)
      : makeSecret(result);
  };
  return Object.fromEntries(Object.entries(results).map(([key, result]) => [key, annotate(result, source[key])]));
}

/** Compares two values; a property that is null counts as one that is absent. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if ((a ?? null) === (b ?? null)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  return changedKeys(a as Properties, b as Properties).length === 0;
}

/** The names of the properties that differ, in order of the alphabet. */
export function changedKeys(a: Properties, b: Properties): string[] {
  return Object.keys({ ...a, ...b })
    .filter((key) => !equal(a[key], b[key]))
    .sort();
}
