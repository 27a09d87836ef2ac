export type { ListedPair, Releasing } from "../provider/resources/assignment/types";
export type { Holder, TokenStatus } from "../provider/resources/token/types";
export type { Member } from "../provider/resources/userSet/types";
export type { BoundLibrary, TokenReference } from "./tokenRef";
export { VppApp, type VppAppArgs } from "./vppApp";
export { type AppKey, type AppReference, VppAssignment, type VppAssignmentArgs } from "./vppAssignment";
export { VppToken, type VppTokenArgs } from "./vppToken";
export { type VppUserArgs, VppUserSet, type VppUserSetArgs } from "./vppUserSet";
