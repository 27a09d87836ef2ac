import { HostProcess } from "../../provider/engine/adapter";
import { type Providers, providersOver } from "../../provider/providers";

let current: { readonly operation: string; readonly providers: Providers } | undefined;

/**
 * The provider as a process that has just started for an operation would have it. All that the provider keeps hangs on its one HostProcess, so
 * a new one for each operation makes one process do for many.
 */
export function providersOf(operation: string): Providers {
  if (current?.operation !== operation) current = { operation, providers: providersOver(new HostProcess()) };
  return current.providers;
}
