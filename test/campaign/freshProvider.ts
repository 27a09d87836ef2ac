import { type DynamicProvider, HostProcess, toDynamicProvider } from "../../provider/host/adapter";
import { vppAppKind } from "../../provider/resources/app";
import { vppAssignmentKind } from "../../provider/resources/assignment/assignment";
import { vppTokenKind } from "../../provider/resources/token/token";
import { vppUserSetKind } from "../../provider/resources/userSet/userSet";

type Providers = Readonly<Record<"vppToken" | "vppApp" | "vppUserSet" | "vppAssignment", DynamicProvider>>;

let current: { readonly operation: string; readonly providers: Providers } | undefined;

/**
 * The provider as a process that has just started for an operation would have it. All that the provider keeps hangs on its one HostProcess, so
 * a new one for each operation makes one process do for many.
 */
export function providersOf(operation: string): Providers {
  if (current?.operation === operation) return current.providers;
  const host = new HostProcess();
  const providers = {
    vppToken: toDynamicProvider(vppTokenKind, host),
    vppApp: toDynamicProvider(vppAppKind, host),
    vppUserSet: toDynamicProvider(vppUserSetKind, host),
    vppAssignment: toDynamicProvider(vppAssignmentKind, host),
  };
  current = { operation, providers };
  return providers;
}
