import type { Failure } from "./host";
import { nameOf, type ResourceState } from "./resource";
import { type Pass, Reported } from "./steps";
import { type Properties, unwrap } from "./values";

/** Lets the provider check the inputs, and takes over what it makes of them. Throws when it finds problems. */
export async function check(pass: Pass, next: ResourceState, olds: Properties, news: Properties): Promise<void> {
  const { inputs, failures } = await pass.provider.check(next.urn, olds, news);
  next.inputs = inputs;
  if (failures.length === 0) return;
  for (const failure of failures) pass.listener.diagnostic("error", describe(failure, next), next.urn);
  throw new Reported();
}

function describe(failure: Failure, next: ResourceState): string {
  const subject = `${next.type} resource '${nameOf(next.urn)}'`;
  if (!failure.property) return `${subject} has a problem: ${failure.reason}`;
  // The CLI prints the whole value, secrets in clear; a provider that relies on better manners is to be found out here.
  const value = next.inputs?.[failure.property];
  const text =
    value === undefined ? "<nil>" : typeof value === "object" ? JSON.stringify(unwrap(value)) : String(value);
  return `${subject}: property ${failure.property} value {${text}} has a problem: ${failure.reason}`;
}
