import * as pulumi from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import * as vpp from "../../sdk";

/** Holds programs that are compiled and never run: what matters is whether the compiler takes them. */
function compiled(_program: () => void): void {}

describe("programs", () => {
  it("compile in the ways that the documentation shows", () => {
    compiled(() => {
      const token = new vpp.VppToken("hq", { displayName: "Head office", appleAccount: "vpp@contoso.example" });
      const keynote = new vpp.VppApp("keynote", { token, adamId: "361285480", minimumAvailable: 20 });
      const sales = new vpp.VppUserSet("sales", {
        token,
        users: [{ clientUserId: "ada", email: "ada@contoso.example" }],
      });
      new vpp.VppAssignment("sales-apps", { token, apps: [keynote, "409183694"], clientUserIds: sales.clientUserIds });
      new vpp.VppAssignment(
        "kiosk-ipads",
        { token, apps: [keynote], serialNumbers: ["C02XL0GSJGH6"] },
        { protect: true },
      );
      new vpp.VppAssignment("off", {
        token,
        apps: [{ adamId: "1" }],
        serialNumbers: [],
        intent: "uninstall",
        maxRevocations: 0,
      });
      new vpp.VppToken("default");
    });
  });

  it("compile with outputs, promises and secrets, and with a token of another stack", () => {
    compiled(() => {
      const other = new pulumi.StackReference("contoso/base/prod");
      const token: vpp.TokenReference = {
        libraryId: other.requireOutput("libraryId") as pulumi.Output<string>,
        contentTokenKey: "default",
        bindingId: Promise.resolve("b"),
      };
      const serialNumbers = pulumi.secret(["F9FW000001"]);
      new vpp.VppAssignment("fleet", {
        token,
        apps: [pulumi.output("1")],
        serialNumbers,
        exclusive: pulumi.output(true),
      });
      new vpp.VppUserSet("people", { token, users: pulumi.output([{ clientUserId: "ada" }]) });
    });
  });

  it("do not compile, when they are wrong", () => {
    compiled(() => {
      const token = new vpp.VppToken("hq");
      // @ts-expect-error the content token itself is never an input
      new vpp.VppToken("hq", { contentToken: "…" });
      // @ts-expect-error the library is missing
      new vpp.VppApp("keynote", { adamId: "361285480" });
      // @ts-expect-error an app's number is text, since it can be larger than a number holds
      new vpp.VppApp("keynote", { token, adamId: 361285480 });
      // @ts-expect-error the apps are missing
      new vpp.VppAssignment("fleet", { token, serialNumbers: ["F9FW000001"] });
      // @ts-expect-error there is no such intent
      new vpp.VppAssignment("fleet", { token, apps: ["1"], intent: "wanted" });
      const people = new vpp.VppUserSet("people", { token, users: [] });
      // @ts-expect-error a user set is not a list of ids
      new vpp.VppAssignment("fleet", { token, apps: ["1"], clientUserIds: people });
      // @ts-expect-error a token is not an app
      new vpp.VppAssignment("fleet", { token, apps: [token] });
      // @ts-expect-error a misspelt input
      new vpp.VppAssignment("fleet", { token, apps: ["1"], serialNumber: ["F9FW000001"] });
      // @ts-expect-error every user has an id
      new vpp.VppUserSet("people", { token, users: [{ email: "ada@contoso.example" }] });
      // @ts-expect-error a reference needs all three parts
      new vpp.VppApp("keynote", { token: { libraryId: "1" }, adamId: "1" });
      // @ts-expect-error outputs can't be assigned
      token.libraryId = pulumi.output("1");
    });
  });

  it("get nothing else from the package than its classes, its look-ups and their types", () => {
    type LookUp = `getVpp${"Token" | "Apps" | "Users" | "Assignments"}${"" | "Output"}`;
    type Classes = "VppApp" | "VppAssignment" | "VppToken" | "VppUserSet" | "VppLookUpError";
    expectTypeOf<keyof typeof vpp>().toEqualTypeOf<Classes | LookUp>();
  });
});
