import type { ResourceValidationArgs, validateResourceOfType } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import type { AppInputs } from "../../provider/apple/resources/app";
import type { AssignmentInputs } from "../../provider/apple/resources/assignment/types";
import type { TokenInputs } from "../../provider/apple/resources/token/types";
import type { UserSetInputs } from "../../provider/apple/resources/userSet/types";
import type * as vpp from "../../sdk";

type Mutable<T> = T extends readonly (infer I)[]
  ? Mutable<I>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
/** What only the provider itself looks at. */
type Inner = "takenOver" | "holder" | "status" | "declared";
type Known = "libraryId" | "bindingId" | "tokenFingerprint";
type Checked = Omit<TokenInputs, Inner | Known> & Required<Pick<TokenInputs, Known>>;
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

describe("types of a policy's rules", () => {
  it("are those of the inputs as the check of each kind leaves them", () => {
    expectTypeOf<Mutual<vpp.VppTokenProps, Mutable<Checked>>>().toEqualTypeOf<true>();
    expectTypeOf<Mutual<vpp.VppAppProps, Mutable<AppInputs>>>().toEqualTypeOf<true>();
    expectTypeOf<Mutual<vpp.VppUserSetProps, Mutable<UserSetInputs> & { reclaim: boolean }>>().toEqualTypeOf<true>();
    expectTypeOf<Mutual<vpp.VppAssignmentProps, Mutable<AssignmentInputs>>>().toEqualTypeOf<true>();
    expectTypeOf<keyof vpp.VppTokenProps>().toEqualTypeOf<keyof Checked>();
    expectTypeOf<keyof vpp.VppAssignmentProps>().toEqualTypeOf<keyof AssignmentInputs>();
  });

  it("can be named where a class is, and come to the rule as they are", () => {
    type Rule = Parameters<typeof validateResourceOfType<vpp.VppAssignment, vpp.VppAssignmentProps>>;
    expectTypeOf<typeof vpp.VppAssignment>().toExtend<Rule[0]>();
    expectTypeOf<Parameters<Rule[1]>[0]["apps"]>().toEqualTypeOf<vpp.AppKey[]>();
    expectTypeOf<Parameters<Rule[1]>[0]["serialNumbers"]>().toEqualTypeOf<string[] | undefined>();
    type SetRule = Parameters<typeof validateResourceOfType<vpp.VppUserSet, vpp.VppUserSetProps>>;
    expectTypeOf<typeof vpp.VppUserSet>().toExtend<SetRule[0]>();
    expectTypeOf<Parameters<SetRule[1]>[0]["users"]>().toEqualTypeOf<vpp.VppUserArgs[]>();
    expectTypeOf<typeof vpp.VppToken>().toExtend<
      Parameters<typeof validateResourceOfType<vpp.VppToken, vpp.VppTokenProps>>[0]
    >();
    expectTypeOf<typeof vpp.VppApp>().toExtend<
      Parameters<typeof validateResourceOfType<vpp.VppApp, vpp.VppAppProps>>[0]
    >();
    expectTypeOf<typeof vpp.VppApp>().toExtend<Parameters<ResourceValidationArgs["isType"]>[0]>();
    expectTypeOf<Unwrap<vpp.VppAssignmentProps>["token"]>().toEqualTypeOf<vpp.PlainTokenReference>();
  });
});
