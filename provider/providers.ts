import { vppAppKind } from "./apple/resources/app";
import { vppAssignmentKind } from "./apple/resources/assignment/assignment";
import { vppTokenKind } from "./apple/resources/token/token";
import { vppUserSetKind } from "./apple/resources/userSet/userSet";
import { type DynamicProvider, type HostProcess, toDynamicProvider } from "./engine/adapter";

/** One provider for each kind, under the names by which the engine's host loads them. */
export type Providers = Readonly<Record<"vppToken" | "vppApp" | "vppUserSet" | "vppAssignment", DynamicProvider>>;

/** All kinds over one host process, and so with one view of each library. */
export function providersOver(host: HostProcess): Providers {
  return {
    vppToken: toDynamicProvider(vppTokenKind, host),
    vppApp: toDynamicProvider(vppAppKind, host),
    vppUserSet: toDynamicProvider(vppUserSetKind, host),
    vppAssignment: toDynamicProvider(vppAssignmentKind, host),
  };
}
