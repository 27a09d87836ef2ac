import { type DynamicProvider, HostProcess, toDynamicProvider } from "./host/adapter";
import { vppAppKind } from "./resources/app";
import { vppAssignmentKind } from "./resources/assignment/assignment";
import { vppTokenKind } from "./resources/token/token";
import { vppUserSetKind } from "./resources/userSet/userSet";

const host = new HostProcess();

/** What the engine's host loads for each kind. All kinds share one process, and so one view of each library. */
export const vppToken: DynamicProvider = toDynamicProvider(vppTokenKind, host);
export const vppApp: DynamicProvider = toDynamicProvider(vppAppKind, host);
export const vppUserSet: DynamicProvider = toDynamicProvider(vppUserSetKind, host);
export const vppAssignment: DynamicProvider = toDynamicProvider(vppAssignmentKind, host);
