import type { HostStack } from "./hostStack";

/** Makes the state of a VppUserSet what 0.1.0 would have written, which knew neither of these outputs. */
export function asOf010(stack: HostStack, name: string): void {
  const saved = new Map(stack.saved);
  const kept = saved.get(name)!;
  const { registered: _, unconfirmed: __, ...outputs } = kept.outputs;
  saved.set(name, { ...kept, outputs });
  stack.restore(saved);
}

/** Makes of a state what a refresh by 0.1.0 would, when a list lacks these people: it kept outputs that it did not know. */
export function refreshedBy010(stack: HostStack, name: string, lacking: readonly string[]): void {
  const saved = new Map(stack.saved);
  const kept = saved.get(name)!;
  const members = (kept.outputs.members as { clientUserId: string; registeredByUs: boolean }[]).map((member) =>
    lacking.includes(member.clientUserId)
      ? { clientUserId: member.clientUserId, status: "Missing", registeredByUs: false }
      : member,
  );
  saved.set(name, { ...kept, outputs: { ...kept.outputs, members, missingCount: lacking.length } });
  stack.restore(saved);
}
