import type * as pulumi from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import type { AppFilter, AssignmentFilter, UserFilter } from "../../inventory/found";
import type * as vpp from "../../sdk";

type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? true : false };
type AllOptional<T> = Optional<T>[keyof T];
/** The value behind an input, lists of inputs included. */
type Plain<T> = T extends pulumi.Input<infer V> ? (V extends pulumi.Input<infer I>[] ? I[] : V) : T;

describe("types of look-ups", () => {
  it("have the same arguments in both forms, all of them optional, and those of the reading behind them", () => {
    expectTypeOf<keyof vpp.GetVppTokenArgs>().toEqualTypeOf<keyof vpp.GetVppTokenOutputArgs>();
    expectTypeOf<keyof vpp.GetVppAppsArgs>().toEqualTypeOf<keyof vpp.GetVppAppsOutputArgs>();
    expectTypeOf<keyof vpp.GetVppUsersArgs>().toEqualTypeOf<keyof vpp.GetVppUsersOutputArgs>();
    expectTypeOf<keyof vpp.GetVppAssignmentsArgs>().toEqualTypeOf<keyof vpp.GetVppAssignmentsOutputArgs>();
    expectTypeOf<keyof vpp.GetVppAppsArgs>().toEqualTypeOf<keyof AppFilter | "token">();
    expectTypeOf<keyof vpp.GetVppUsersArgs>().toEqualTypeOf<keyof UserFilter | "token">();
    expectTypeOf<keyof vpp.GetVppAssignmentsArgs>().toEqualTypeOf<keyof AssignmentFilter | "token">();
    expectTypeOf<
      AllOptional<vpp.GetVppAppsArgs & vpp.GetVppUsersArgs & vpp.GetVppAssignmentsArgs>
    >().toEqualTypeOf<true>();
  });

  it("take inputs in the Output form where the plain form takes values", () => {
    expectTypeOf<vpp.GetVppAppsOutputArgs["adamIds"]>().toEqualTypeOf<
      pulumi.Input<pulumi.Input<string>[]> | undefined
    >();
    expectTypeOf<vpp.GetVppAppsArgs["adamIds"]>().toEqualTypeOf<string[] | undefined>();
    expectTypeOf<Plain<NonNullable<vpp.GetVppAppsOutputArgs["freeBelow"]>>>().toEqualTypeOf<number>();
    expectTypeOf<vpp.VppToken>().toExtend<NonNullable<vpp.GetVppAppsArgs["token"]>>();
    expectTypeOf<vpp.VppToken>().toExtend<NonNullable<vpp.GetVppAppsOutputArgs["token"]>>();
    expectTypeOf<pulumi.Output<string>>().not.toExtend<NonNullable<vpp.GetVppAppsArgs["token"]>>();
  });

  it("answer with the same result, as a promise or as an output", () => {
    expectTypeOf<ReturnType<typeof vpp.getVppToken>>().toEqualTypeOf<Promise<vpp.GetVppTokenResult>>();
    expectTypeOf<ReturnType<typeof vpp.getVppTokenOutput>>().toEqualTypeOf<pulumi.Output<vpp.GetVppTokenResult>>();
    expectTypeOf<ReturnType<typeof vpp.getVppApps>>().toEqualTypeOf<Promise<vpp.GetVppAppsResult>>();
    expectTypeOf<ReturnType<typeof vpp.getVppAppsOutput>>().toEqualTypeOf<pulumi.Output<vpp.GetVppAppsResult>>();
    expectTypeOf<ReturnType<typeof vpp.getVppUsers>>().toEqualTypeOf<Promise<vpp.GetVppUsersResult>>();
    expectTypeOf<ReturnType<typeof vpp.getVppUsersOutput>>().toEqualTypeOf<pulumi.Output<vpp.GetVppUsersResult>>();
    expectTypeOf<ReturnType<typeof vpp.getVppAssignments>>().toEqualTypeOf<Promise<vpp.GetVppAssignmentsResult>>();
    expectTypeOf<ReturnType<typeof vpp.getVppAssignmentsOutput>>().toEqualTypeOf<
      pulumi.Output<vpp.GetVppAssignmentsResult>
    >();
    expectTypeOf<vpp.VppLookUpError["code"]>().toEqualTypeOf<vpp.VppErrorCode>();
  });
});
