import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { VppApp, VppAssignment, VppToken, VppUserSet } from "../../../../sdk";
import { run } from "../run";

const later = <T>(value: T, ms = 5): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), ms));
const serials = ["F9FW000001", "F9FW000002"];
const token = { libraryId: "2049025000431439", contentTokenKey: "default", bindingId: "b" };

describe("VppAssignment", () => {
  describe("declaration", () => {
    it("holds everything, for plain values, with the defaults", async () => {
      const { assignment } = await run(() => [
        new VppAssignment("fleet", {
          token: new VppToken("hq"),
          apps: ["1", { adamId: "2", pricingParam: "PLUS" }],
          serialNumbers: serials,
        }),
      ]);
      const { entry, ...line } = assignment("fleet");
      assert.ok(entry);
      assert.deepEqual(line, {
        t: "assignment",
        name: "fleet",
        key: "default",
        apps: [
          ["1", "STDQ"],
          ["2", "PLUS"],
        ],
        serialNumbers: serials,
        intent: "required",
        exclusive: false,
        sets: [],
      });
    });

    it("holds intent, exclusive, the key and an empty kind that is in play, when they are given", async () => {
      const hq = (): VppToken => new VppToken("hq", { contentTokenKey: "emea" });
      const { assignment } = await run(() => [
        new VppAssignment("none", {
          token: hq(),
          apps: ["1"],
          clientUserIds: [],
          intent: "uninstall",
          exclusive: true,
        }),
      ]);
      const { key, intent, exclusive, clientUserIds, serialNumbers } = assignment("none");
      assert.deepEqual(
        { key, intent, exclusive, clientUserIds, serialNumbers },
        { key: "emea", intent: "uninstall", exclusive: true, clientUserIds: [], serialNumbers: undefined },
      );
    });

    it("holds the app of a VppApp at once, so that no reading of the service is waited for", async () => {
      const { assignment, registered } = await run(() => {
        const hq = new VppToken("hq");
        const app = new VppApp("keynote", { token: hq, adamId: "361285480", pricingParam: "PLUS" });
        return [new VppAssignment("fleet", { token: hq, apps: [app], serialNumbers: serials })];
      });
      assert.deepEqual(assignment("fleet").apps, [["361285480", "PLUS"]]);
      assert.deepEqual(registered.get("fleet")?.inputs.apps, [{ adamId: "361285480", pricingParam: "PLUS" }]);
      const whileTokenWasChecked = registered.get("hq")!.ledger.find((line) => line.t === "assignment");
      assert.deepEqual(whileTokenWasChecked?.t === "assignment" && whileTokenWasChecked.apps, [["361285480", "PLUS"]]);
    });

    const shapes: [string, () => Partial<ConstructorParameters<typeof VppAssignment>[1]>][] = [
      ["a promise of a list", () => ({ serialNumbers: later(serials) })],
      ["an output of a list", () => ({ serialNumbers: pulumi.output(later(serials)) })],
      ["a list of promises", () => ({ serialNumbers: serials.map((serial, index) => later(serial, 5 * (2 - index))) })],
      [
        "a list of outputs and plain values",
        () => ({ serialNumbers: [serials[0]!, pulumi.output(later(serials[1]!))] }),
      ],
      ["an output of the app", () => ({ serialNumbers: serials, apps: [pulumi.output(later("1"))] })],
      [
        "an output in the app",
        () => ({ serialNumbers: serials, apps: [{ adamId: pulumi.output("1"), pricingParam: later("STDQ") }] }),
      ],
      [
        "an output of the key",
        () => ({ serialNumbers: serials, token: { ...token, contentTokenKey: pulumi.output(later("default")) } }),
      ],
      ["a secret", () => ({ serialNumbers: pulumi.secret(serials) })],
    ];
    for (const [what, change] of shapes) {
      it(`is complete in the file before the resource is registered, for ${what}`, async () => {
        const { registered } = await run(() => [new VppAssignment("fleet", { token, apps: ["1"], ...change() })]);
        const line = registered.get("fleet")!.ledger.findLast((candidate) => candidate.t === "assignment");
        assert.ok(line?.t === "assignment");
        assert.deepEqual([line.apps, line.serialNumbers, line.key], [[["1", "STDQ"]], serials, "default"]);
      });
    }

    it("leaves out what stays unknown in a preview, and waits for nothing", async () => {
      const { assignment } = await run(
        () => {
          const hq = new VppToken("hq");
          const unknown = hq.libraryId.apply((id) => `F9FW${id}`);
          return [new VppAssignment("fleet", { token: hq, apps: ["1"], serialNumbers: [serials[0]!, unknown] })];
        },
        { preview: true },
      );
      assert.deepEqual(assignment("fleet").serialNumbers, [serials[0]]);
    });

    it("leaves rubbish from plain JavaScript to the provider's check, and does not stumble over it", async () => {
      const wrong = {
        token,
        apps: "1",
        serialNumbers: [undefined, 7, serials[0]],
        clientUserIds: null,
      } as unknown as ConstructorParameters<typeof VppAssignment>[1];
      const { registered, assignment } = await run(() => [new VppAssignment("fleet", wrong)]);
      assert.deepEqual(assignment("fleet").serialNumbers, [serials[0]]);
      assert.equal(registered.get("fleet")?.inputs.apps, "1");
    });
  });

  describe("inputs", () => {
    it("are the defaults in full and the reference of the token in its plain form", async () => {
      const { registered } = await run(
        () => {
          const hq = new VppToken("hq", { managedBy: "rival-mdm-1" });
          return [new VppAssignment("fleet", { token: hq, apps: ["1"], serialNumbers: serials })];
        },
        { outputs: { hq: { libraryId: "204", bindingId: "b", tokenFingerprint: "f" } } },
      );
      const { __provider, token: given, ...inputs } = registered.get("fleet")!.inputs;
      const { plan, ...reference } = given as Record<string, unknown>;
      assert.ok(plan !== undefined && __provider !== undefined);
      assert.deepEqual(
        { ...inputs, token: reference },
        {
          token: { libraryId: "204", bindingId: "b", contentTokenKey: "default", managedBy: "rival-mdm-1" },
          apps: [{ adamId: "1", pricingParam: "STDQ" }],
          serialNumbers: serials,
          intent: "required",
          exclusive: false,
          reclaim: true,
        },
      );
    });
  });
});

describe("what the engine may change", () => {
  const fleet = (opts: pulumi.CustomResourceOptions, parent?: pulumi.Resource) => () => {
    const token = new VppToken("hq");
    const args = { token, apps: ["361285480"], serialNumbers: ["F9FW000001"] };
    return [
      new VppAssignment("fleet", args, { ...opts, ...(parent && { parent }) }),
      new VppUserSet("people", { token, users: [{ clientUserId: "ada" }] }, opts),
    ];
  };
  const mayChange = async (opts: pulumi.CustomResourceOptions): Promise<unknown[]> => {
    const { line } = await run(fleet(opts));
    return ["fleet", "people"].map((name) => (line(name) as { mayChange?: true }).mayChange);
  };

  it("is marked in the plan, for ignoreChanges and for a transformation, and for nothing else", async () => {
    assert.deepEqual(await mayChange({ protect: true, ignoreChanges: [] }), [undefined, undefined]);
    assert.deepEqual(await mayChange({ ignoreChanges: ["serialNumbers"] }), [true, true]);
    assert.deepEqual(await mayChange({ transformations: [() => undefined] }), [true, true]);
  });

  it("is never the place in the plan: it stands beside a token that is ignored", async () => {
    for (const path of ["token", '["token"]', "token.contentTokenKey", "*"]) {
      const { registered } = await run(fleet({ ignoreChanges: [path] }));
      for (const name of ["fleet", "people"]) assert.equal(typeof registered.get(name)!.inputs.plan, "string", path);
    }
  });
});

describe("VppUserSet", () => {
  const people = [{ clientUserId: "ada", email: "ada@contoso.example" }, { clientUserId: "bob" }];

  it("hands its ids on, known in a preview, and its entry with them", async () => {
    const { assignment, line } = await run(
      () => {
        const hq = new VppToken("hq");
        const set = new VppUserSet("people", { token: hq, users: people });
        return [set, new VppAssignment("apps", { token: hq, apps: ["1"], clientUserIds: set.clientUserIds })];
      },
      { preview: true },
    );
    assert.deepEqual(assignment("apps").clientUserIds, ["ada", "bob"]);
    const set = line("people");
    assert.ok(set?.t === "userSet");
    assert.deepEqual([set.users, assignment("apps").sets], [["ada", "bob"], [set.entry]]);
  });

  for (const [what, dependsOn] of [
    ["alone", (set: VppUserSet) => set],
    ["in a list", (set: VppUserSet) => [set]],
  ] as const) {
    it(`counts as the source of ids too, when it is named in dependsOn ${what}`, async () => {
      const { assignment, line } = await run(() => {
        const set = new VppUserSet("people", { token, users: people });
        return [
          new VppAssignment("apps", { token, apps: ["1"], clientUserIds: ["ada"] }, { dependsOn: dependsOn(set) }),
        ];
      });
      const set = line("people");
      assert.deepEqual(assignment("apps").sets, set?.t === "userSet" ? [set.entry] : undefined);
    });
  }

  it("counts as the source of ids, when single ids are taken from it and put among others", async () => {
    const { assignment } = await run(() => {
      const set = new VppUserSet("people", { token, users: people });
      const first = set.clientUserIds.apply((ids) => ids[0]!);
      return [new VppAssignment("apps", { token, apps: ["1"], clientUserIds: [first, "eve"] })];
    });
    assert.deepEqual(assignment("apps").clientUserIds, ["ada", "eve"]);
    assert.equal(assignment("apps").sets.length, 1);
  });

  it("keeps its ids and the licences' ids from being secret, though its people are", async () => {
    await run(() => {
      const set = new VppUserSet("people", { token, users: people });
      return [set];
    });
    const set = new VppUserSet("again", { token, users: people });
    const secrets = await Promise.all([pulumi.isSecret(set.users), pulumi.isSecret(set.clientUserIds)]);
    assert.deepEqual(secrets, [true, false]);
  });

  it("declares people that become known later, before it is registered", async () => {
    const { registered } = await run(() => [new VppUserSet("people", { token, users: pulumi.output(later(people)) })]);
    const line = registered.get("people")!.ledger.findLast((candidate) => candidate.t === "userSet");
    assert.deepEqual(line?.t === "userSet" && line.users, ["ada", "bob"]);
  });
});

describe("VppToken", () => {
  it("declares its key, and sends what is given with the default key", async () => {
    const { line, registered } = await run(() => [
      new VppToken("hq"),
      new VppToken("emea", { contentTokenKey: later("emea"), displayName: "EMEA" }),
    ]);
    const keys = ["hq", "emea"].map((name) => {
      const found = line(name);
      return found?.t === "token" ? found.key : undefined;
    });
    assert.deepEqual(keys, ["default", "emea"]);
    assert.equal(registered.get("hq")?.inputs.contentTokenKey, "default");
    assert.equal(registered.get("emea")?.inputs.displayName, "EMEA");
  });
});
