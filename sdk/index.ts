/**
 * What `import * as vpp from "pulumi-vpp"` brings.
 *
 * @module Reference
 */
export type { FoundApp, FoundAssignment, FoundToken, FoundUser } from "../inventory/found";
export type { AppCount, ListedPair, Releasing } from "../provider/apple/resources/assignment/types";
export type { Holder, TokenStatus } from "../provider/apple/resources/token/types";
export type { Member } from "../provider/apple/resources/userSet/types";
export type { VppErrorCode } from "../provider/errors";
export {
  type GetVppAppsArgs,
  type GetVppAppsOutputArgs,
  type GetVppAppsResult,
  getVppApps,
  getVppAppsOutput,
} from "./apple/getVppApps";
export {
  type GetVppAssignmentsArgs,
  type GetVppAssignmentsOutputArgs,
  type GetVppAssignmentsResult,
  getVppAssignments,
  getVppAssignmentsOutput,
} from "./apple/getVppAssignments";
export {
  type GetVppTokenArgs,
  type GetVppTokenOutputArgs,
  type GetVppTokenResult,
  getVppToken,
  getVppTokenOutput,
} from "./apple/getVppToken";
export {
  type GetVppUsersArgs,
  type GetVppUsersOutputArgs,
  type GetVppUsersResult,
  getVppUsers,
  getVppUsersOutput,
} from "./apple/getVppUsers";
export { type LookUpToken, type LookUpTokenInput, type PlainTokenReference, VppLookUpError } from "./apple/lookUp";
export type { TokenReference } from "./apple/tokenRef";
export { VppApp, type VppAppArgs, type VppAppProps } from "./apple/vppApp";
export {
  type AppKey,
  type AppReference,
  VppAssignment,
  type VppAssignmentArgs,
  type VppAssignmentProps,
} from "./apple/vppAssignment";
export { VppToken, type VppTokenArgs, type VppTokenProps } from "./apple/vppToken";
export { type VppUserArgs, VppUserSet, type VppUserSetArgs, type VppUserSetProps } from "./apple/vppUserSet";
