import type { prepare } from "./meanwhile";
import type { Service } from "./service";
import type { LivingStack } from "./stack";

/**
 * What must hold once a command is over that was cut off: a host without its engine ends by itself, and lets at most the one write of each library out
 * that is on its way; so does one that was cancelled; who begins a second run beside a living one is refused before it writes anything.
 */
export async function afterCut(
  service: Service,
  stack: LivingStack,
  { writesAtCut, beside }: Pick<Awaited<ReturnType<typeof prepare>>, "writesAtCut" | "beside">,
): Promise<string[]> {
  const faults = await stack.orphansEnded();
  const late = writesAtCut === undefined ? 0 : service.writes - writesAtCut;
  if (late > service.libraries)
    faults.push(`${late} writes were sent after the engine had gone or the run was cancelled`);
  if (beside !== undefined && beside.writes > 0)
    faults.push(`a second run wrote ${beside.writes} times beside the first: ${beside.outcome.messages.join(" | ")}`);
  return faults;
}
