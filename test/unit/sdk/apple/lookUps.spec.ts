import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as vpp from "../../../../sdk";
import { serials, smallLibrary, World } from "../../../support/world";
import { run } from "../run";

const libraryId = "2049025000431439";
const bound = { outputs: { hq: { libraryId, bindingId: "b" } } };

/** What an output comes to. `is` asks the SDK's own record of it. */
async function seen<T>(output: pulumi.Output<T>): Promise<{ value: T; isKnown: boolean; isSecret: boolean }> {
  const internals = output as unknown as { promise(): Promise<T>; isKnown: Promise<boolean> };
  const isSecret = await pulumi.isSecret(output);
  return { value: await internals.promise(), isKnown: await internals.isKnown, isSecret };
}

describe("look-ups in a program", () => {
  let world: World;
  const before_: NodeJS.ProcessEnv = {};
  const set = (env: NodeJS.ProcessEnv): void => {
    for (const [name, value] of Object.entries(env)) {
      before_[name] ??= process.env[name] ?? "";
      process.env[name] = value;
    }
  };

  before(async () => {
    world = await World.start([
      smallLibrary({
        users: [{ clientUserId: "ada", email: "ada@contoso.example" }],
        assignments: [{ adamId: "361285480", serialNumbers: serials(2), clientUserIds: ["ada"] }],
      }),
    ]);
  });

  beforeEach(async () => {
    set(world.env);
    await world.forget();
  });

  afterEach(() => {
    for (const [name, value] of Object.entries(before_)) {
      if (value === "") delete process.env[name];
      else process.env[name] = value;
    }
    pulumi.runtime.setAllConfig({});
  });

  after(() => world.close());

  /** Runs a program and gives what it has looked up. */
  const looking = async <T>(look: (hq: vpp.VppToken) => T, options: Parameters<typeof run>[1] = bound): Promise<T> => {
    let found: T | undefined;
    await run(() => {
      const hq = new vpp.VppToken("hq");
      found = look(hq);
      return [hq];
    }, options);
    return found as T;
  };

  it("answer plainly, by key, by token and by reference, with one reading in a run for all of them", async () => {
    const { token, apps, users, assignments } = await looking(async (hq) => ({
      token: await vpp.getVppToken(),
      apps: await vpp.getVppApps({ token: "default", name: "keynote" }),
      users: await vpp.getVppUsers({ token: hq }),
      assignments: await vpp.getVppAssignments({
        token: { libraryId, contentTokenKey: "default", bindingId: "b" },
        serialNumber: serials(1)[0],
      }),
    }));
    assert.deepEqual([token.libraryId, token.status, apps.apps.length], [libraryId, "valid", 1]);
    assert.deepEqual([users.users[0]?.email, assignments.assignments.length], ["ada@contoso.example", 1]);
    for (const path of ["client/config", "assets", "users", "assignments"])
      assert.equal((await world.requests(`/${path}`)).length, 1, path);
  });

  it("answer as outputs, sharing the reading of the plain form", async () => {
    const [plain, output] = await looking((hq) => [
      vpp.getVppApps(),
      vpp.getVppAppsOutput({ token: hq, adamIds: [pulumi.output("361285480")] }),
    ]);
    const { value, isKnown, isSecret } = await seen(output);
    assert.deepEqual(value.apps, (await plain).apps.slice(0, 1));
    assert.deepEqual([isKnown, isSecret], [true, false]);
    assert.equal((await world.requests("/assets")).length, 1);
  });

  it("read anew in the next run of the same process", async () => {
    for (let round = 0; round < 2; round++) await looking(() => vpp.getVppApps({ names: false }));
    assert.equal((await world.requests("/assets")).length, 2);
  });

  it("answer in a preview, and stay unknown there as long as the token is", async () => {
    const preview = { preview: true };
    const [plain, known, unknown] = await looking(
      (hq) => [
        seen(pulumi.output(vpp.getVppToken())),
        seen(vpp.getVppTokenOutput()),
        seen(vpp.getVppTokenOutput({ token: hq })),
      ],
      preview,
    );
    assert.deepEqual([(await plain).value.libraryId, (await known).value.libraryId], [libraryId, libraryId]);
    assert.equal((await unknown).isKnown, false);
  });

  it("keep people's data secret as an output, and nothing else", async () => {
    const [people, ids, apps, licences, token] = await looking((hq) =>
      [
        vpp.getVppUsersOutput({ token: hq }),
        vpp.getVppUsersOutput({ token: hq, personalData: false }),
        vpp.getVppAppsOutput({ token: hq }),
        vpp.getVppAssignmentsOutput({ token: hq, clientUserId: "ada" }),
        vpp.getVppTokenOutput({ token: hq }),
      ].map((output) => seen<unknown>(output as pulumi.Output<unknown>)),
    );
    assert.equal((await people!).isSecret, true);
    assert.deepEqual((await ids!).value, { libraryId, users: [{ clientUserId: "ada", status: "Registered" }] });
    for (const each of [ids, apps, licences, token]) assert.equal((await each!).isSecret, false);
  });

  it("take the content token from the stack's configuration, too, and say nothing of an old one", async () => {
    set({ VPP_CONTENT_TOKEN_FILE: "" });
    pulumi.runtime.setAllConfig({ "vpp:contentTokenFiles": JSON.stringify({ hq: world.tokenFile }) });
    assert.equal((await looking(() => vpp.getVppToken({ token: "hq" }))).libraryId, libraryId);
  });

  it("fail with a code and a sentence that names them, which ends a program without a stack", async () => {
    const errors = await looking(async () =>
      Promise.all(
        [
          vpp.getVppApps({ token: "branch" }),
          vpp.getVppUsers({ clientUserID: "ada" } as vpp.GetVppUsersArgs),
          seen(vpp.getVppTokenOutput({ token: "branch" })),
        ].map((work) =>
          (work as Promise<unknown>).then(
            () => undefined,
            (error: unknown) => error,
          ),
        ),
      ),
    );
    for (const error of errors) {
      assert.ok(error instanceof vpp.VppLookUpError);
      assert.ok(pulumi.RunError.isInstance(error));
    }
    const [missing, misspelt, output] = errors as vpp.VppLookUpError[];
    assert.equal(missing!.code, "VPP_CONFIG_TOKEN_MISSING");
    assert.match(missing!.message, /^getVppApps: the library of contentTokenKey branch was not read: .* Set /);
    assert.equal(misspelt!.code, "VPP_INPUT_INVALID");
    assert.match(misspelt!.message, /clientUserID is not an input of getVppUsers/);
    assert.match(output!.message, /^getVppToken: /);
  });

  it("refuse, in the plain form, a token whose key is an output", async () => {
    const looked = await looking(() => {
      const token = new vpp.VppToken("other", { contentTokenKey: pulumi.output("default") });
      return vpp.getVppToken({ token }).catch((error: unknown) => (error as Error).message);
    });
    assert.match(looked as string, /^getVppToken: nothing was read: .* Use getVppTokenOutput, which waits for it\.$/);
  });
});
