export type { FoundApp, FoundAssignment, FoundToken, FoundUser } from "../inventory/found";
export type { VppErrorCode } from "../provider/errors";
export type { ListedPair, Releasing } from "../provider/resources/assignment/types";
export type { Holder, TokenStatus } from "../provider/resources/token/types";
export type { Member } from "../provider/resources/userSet/types";
export {
  type GetVppAppsArgs,
  type GetVppAppsOutputArgs,
  type GetVppAppsResult,
  getVppApps,
  getVppAppsOutput,
} from "./getVppApps";
export {
  type GetVppAssignmentsArgs,
  type GetVppAssignmentsOutputArgs,
  type GetVppAssignmentsResult,
  getVppAssignments,
  getVppAssignmentsOutput,
} from "./getVppAssignments";
export {
  type GetVppTokenArgs,
  type GetVppTokenOutputArgs,
  type GetVppTokenResult,
  getVppToken,
  getVppTokenOutput,
} from "./getVppToken";
export {
  type GetVppUsersArgs,
  type GetVppUsersOutputArgs,
  type GetVppUsersResult,
  getVppUsers,
  getVppUsersOutput,
} from "./getVppUsers";
export { type LookUpToken, type LookUpTokenInput, type PlainTokenReference, VppLookUpError } from "./lookUp";
export type { TokenReference } from "./tokenRef";
export { VppApp, type VppAppArgs } from "./vppApp";
export { type AppReference, VppAssignment, type VppAssignmentArgs } from "./vppAssignment";
export { VppToken, type VppTokenArgs } from "./vppToken";
export { type VppUserArgs, VppUserSet, type VppUserSetArgs } from "./vppUserSet";
