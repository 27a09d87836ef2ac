import type * as pulumi from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import type { AppInputs } from "../../provider/apple/resources/app";
import type { AssignmentInputs, AssignmentState } from "../../provider/apple/resources/assignment/types";
import type { TokenInputs, TokenState } from "../../provider/apple/resources/token/types";
import type { UserInput, UserSetInputs, UserSetState } from "../../provider/apple/resources/userSet/types";
import type { schemas } from "../../provider/schema/schemas";
import type * as vpp from "../../sdk";

/** What a value of an input's schema is in TypeScript; a pricing kind is any text there, and only the schema knows the two that there are. */
type FromSchema<S> = S extends { readonly enum: readonly (infer E)[] }
  ? "STDQ" extends E
    ? string
    : E
  : S extends { readonly type: "string" }
    ? string
    : S extends { readonly type: "integer" }
      ? number
      : S extends { readonly type: "boolean" }
        ? boolean
        : S extends { readonly type: "array"; readonly items: infer I }
          ? readonly FromSchema<I>[]
          : S extends { readonly type: "object"; readonly properties: infer P }
            ? S extends { readonly required: readonly (infer R)[] }
              ? { readonly [K in keyof P as K extends R ? K : never]: FromSchema<P[K]> } & {
                  readonly [K in keyof P as K extends R ? never : K]?: FromSchema<P[K]>;
                }
              : { readonly [K in keyof P]?: FromSchema<P[K]> }
            : never;

/** The same type, written as one object. */
type Flat<T> = { [K in keyof T]: T[K] };
type OfSchema<K extends keyof typeof schemas> = Flat<FromSchema<(typeof schemas)[K]>>;
/** What `check` adds is no input of the program. */
type AddedByCheck = "libraryId" | "bindingId" | "tokenFingerprint" | "takenOver" | "holder" | "status" | "declared";
type GivenToken = Omit<TokenInputs, AddedByCheck>;
/** The value behind each output of a class that is not an output of every resource. */
type OutputsOf<R> = {
  [K in Exclude<keyof R, keyof pulumi.CustomResource>]: R[K] extends pulumi.Output<infer T> ? T : never;
};
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

describe("types", () => {
  describe("input schemas", () => {
    it("agree with the TypeScript inputs of each kind, both ways", () => {
      expectTypeOf<Mutual<OfSchema<"VppToken">, GivenToken>>().toEqualTypeOf<true>();
      expectTypeOf<Mutual<OfSchema<"VppApp">, AppInputs>>().toEqualTypeOf<true>();
      expectTypeOf<Mutual<OfSchema<"VppUserSet">, UserSetInputs>>().toEqualTypeOf<true>();
      expectTypeOf<Mutual<OfSchema<"VppAssignment">, AssignmentInputs>>().toEqualTypeOf<true>();
    });

    it("name the same inputs as the TypeScript types, optional ones too", () => {
      expectTypeOf<keyof OfSchema<"VppToken">>().toEqualTypeOf<keyof GivenToken>();
      expectTypeOf<keyof OfSchema<"VppApp">>().toEqualTypeOf<keyof AppInputs>();
      expectTypeOf<keyof OfSchema<"VppUserSet">>().toEqualTypeOf<keyof UserSetInputs>();
      expectTypeOf<keyof OfSchema<"VppAssignment">>().toEqualTypeOf<keyof AssignmentInputs>();
      expectTypeOf<keyof OfSchema<"VppUserSet">["users"][number]>().toEqualTypeOf<keyof UserInput>();
    });

    it("name the same inputs as the arguments of the classes", () => {
      expectTypeOf<keyof vpp.VppTokenArgs>().toEqualTypeOf<keyof GivenToken>();
      expectTypeOf<keyof vpp.VppAppArgs>().toEqualTypeOf<keyof AppInputs>();
      expectTypeOf<keyof vpp.VppUserSetArgs>().toEqualTypeOf<keyof UserSetInputs>();
      expectTypeOf<keyof vpp.VppAssignmentArgs>().toEqualTypeOf<keyof AssignmentInputs>();
    });
  });

  describe("outputs of the classes", () => {
    it("are exactly what the states hold", () => {
      type TokenOutputs = Omit<OutputsOf<vpp.VppToken>, "keyGiven" | "managedByGiven">;
      expectTypeOf<keyof TokenOutputs>().toEqualTypeOf<Exclude<keyof TokenState, "takenOver">>();
      expectTypeOf<Exclude<keyof OutputsOf<vpp.VppUserSet>, "entry" | "clientUserIds">>().toEqualTypeOf<
        Exclude<keyof UserSetState, "registered">
      >();
      expectTypeOf<Exclude<keyof OutputsOf<vpp.VppAssignment>, "availableCountOf">>().toEqualTypeOf<
        keyof AssignmentState
      >();
    });

    it("have the types that a program can rely on", () => {
      expectTypeOf<vpp.VppToken["status"]>().toEqualTypeOf<
        pulumi.Output<"valid" | "expiring" | "expired" | "revoked" | "heldByAnother">
      >();
      expectTypeOf<vpp.VppToken["holder"]>().toEqualTypeOf<pulumi.Output<vpp.Holder | undefined>>();
      expectTypeOf<vpp.VppToken["expiresAt"]>().toEqualTypeOf<pulumi.Output<string>>();
      expectTypeOf<vpp.VppApp["availableCount"]>().toEqualTypeOf<pulumi.Output<number>>();
      expectTypeOf<vpp.VppApp["displayName"]>().toEqualTypeOf<pulumi.Output<string | undefined>>();
      expectTypeOf<vpp.VppUserSet["members"]>().toEqualTypeOf<pulumi.Output<vpp.Member[]>>();
      expectTypeOf<vpp.VppUserSet["clientUserIds"]>().toEqualTypeOf<pulumi.Output<string[]>>();
      expectTypeOf<vpp.VppAssignment["missing"]>().toEqualTypeOf<pulumi.Output<vpp.ListedPair[]>>();
      expectTypeOf<vpp.VppAssignment["appCounts"]>().toEqualTypeOf<pulumi.Output<vpp.AppCount[] | undefined>>();
      expectTypeOf<vpp.VppAssignment["missingCount"]>().toEqualTypeOf<pulumi.Output<number>>();
    });
  });
});
