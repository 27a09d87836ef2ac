/** What a state holds, or what goes into one. */
type Properties = Readonly<Record<string, unknown>>;

/**
 * A read is told an id and what the state holds, and no name, while the id of a VppApp has its number and others have the name at their creation.
 * So the state keeps the name of the last write, under a key that Pulumi shows nobody.
 */
export const nameKey = "__declaredAs";

/** A state with the name under which the resource is declared. */
export function withName(state: object, name: string): Record<string, unknown> {
  return { ...state, [nameKey]: name };
}

/** The name that a state keeps; states of 0.1.0 keep none. */
export function nameIn({ [nameKey]: name }: Properties): string | undefined {
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** What has been read, with the name of the state before. */
export function withNameOf(before: Properties, state: object): Record<string, unknown> {
  const name = nameIn(before);
  return name === undefined ? { ...state } : withName(state, name);
}
