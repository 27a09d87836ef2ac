import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { ProcessStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const unlimitedPages = { adamId: "409201541", pricingParam: "STDQ" };

/** What one kind's life looks like: what is declared first and after an edit, and what the service must show each time. */
interface Life {
  readonly kind: Kind;
  readonly first: Data;
  readonly edited: Data;
  readonly id: string;
  /** Part of the outputs after the create and after the update. */
  readonly made: Data;
  readonly changed: Data;
  readonly onService: (world: World) => Promise<unknown>;
  readonly truths: { readonly made: unknown; readonly changed: unknown; readonly gone: unknown };
}

const marks = async (world: World): Promise<unknown> => {
  const mark = (await world.truth()).mdmInfo;
  return [mark?.name, mark?.metadata.replace(/\d{4}-\d\d-\d\d/, "DATE")];
};
const ours = "pulumi-vpp organization/trial/dev";

const lives: Life[] = [
  {
    kind: "VppToken",
    first: { displayName: "Head office" },
    edited: { displayName: "Head office, Berlin" },
    id: "2049025000431439/token/it",
    made: {
      status: "valid",
      libraryId: "2049025000431439",
      displayName: "Head office",
      locationName: "Contoso HQ",
      organizationName: "Contoso",
      countryCode: "DE",
      platform: "enterprisestore",
    },
    changed: { displayName: "Head office, Berlin" },
    onService: marks,
    truths: {
      made: [ours, "managed by pulumi-vpp"],
      changed: [ours, "managed by pulumi-vpp"],
      gone: [ours, "released DATE"],
    },
  },
  {
    kind: "VppApp",
    first: { adamId: keynote.adamId },
    edited: { adamId: keynote.adamId, minimumAvailable: 3 },
    id: "2049025000431439/app/361285480-STDQ",
    made: {
      displayName: "Keynote",
      bundleId: "com.apple.Keynote",
      productType: "App",
      totalCount: 40,
      assignedCount: 0,
      availableCount: 40,
      revocable: true,
      deviceAssignable: true,
    },
    changed: { minimumAvailable: 3, displayName: "Keynote" },
    onService: async (world) => (await world.truth()).assignments,
    truths: { made: [], changed: [], gone: [] },
  },
  {
    kind: "VppUserSet",
    first: { users: [{ clientUserId: "ada", email: "ada@contoso.example" }, { clientUserId: "bob" }] },
    edited: { users: [{ clientUserId: "ada", email: "lovelace@contoso.example" }, { clientUserId: "eve" }] },
    id: "2049025000431439/users/it",
    made: { invitedCount: 2, acceptedCount: 0, missingCount: 0 },
    changed: { invitedCount: 2, missingCount: 0 },
    onService: async (world) =>
      (await world.truth()).users.map(({ clientUserId, status, email }) =>
        [clientUserId, status, email].join(" ").trim(),
      ),
    truths: {
      made: ["ada Registered ada@contoso.example", "bob Registered"],
      changed: ["ada Registered lovelace@contoso.example", "bob Retired", "eve Registered"],
      gone: ["ada Retired lovelace@contoso.example", "bob Retired", "eve Retired"],
    },
  },
  {
    kind: "VppAssignment",
    first: { apps: [keynote, unlimitedPages], serialNumbers: serials(2) },
    edited: { apps: [keynote], serialNumbers: serials(2, 1) },
    id: "2049025000431439/assignment/it",
    made: { assignedCount: 4, missingCount: 0, surplusCount: 0, pendingCount: 0 },
    changed: { assignedCount: 2, missingCount: 0 },
    onService: async (world) =>
      (await world.truth()).assignments.map(({ adamId, serialNumber }) => `${adamId} ${serialNumber}`).sort(),
    truths: {
      made: [keynote, unlimitedPages].flatMap(({ adamId }) => serials(2).map((serial) => `${adamId} ${serial}`)),
      changed: serials(2, 1).map((serial) => `361285480 ${serial}`),
      gone: [],
    },
  },
];

for (const life of lives) {
  describe(life.kind, () => {
    let world: World;
    let stack: ProcessStack;

    const declare = (props: Data): void => {
      const token: readonly [Kind, Data] = ["VppToken", {}];
      stack.declare(life.kind === "VppToken" ? { it: [life.kind, props] } : { hq: token, it: [life.kind, props] });
    };
    const includes = (outputs: Data, part: Data): void => {
      for (const [key, value] of Object.entries(part)) assert.deepEqual(outputs[key], value, key);
    };

    before(async () => {
      world = await World.start();
      stack = new ProcessStack({ env: world.env });
    });

    after(async () => {
      await stack.end();
      await world.close();
    });

    describe("life", () => {
      it("is created with its outputs and an id that tells library and name, when it is new", async () => {
        declare(life.first);
        const { it: applied } = await stack.up();
        assert.deepEqual(applied, { op: "create", failures: [] });
        assert.equal(stack.kept("it").id, life.id);
        includes(stack.outputs("it"), life.made);
        assert.deepEqual(await life.onService(world), life.truths.made);
      });

      it("stays as it is without a request and without a note, when nothing changed", async () => {
        await world.forget();
        const { it: applied } = await stack.up();
        assert.deepEqual(applied, { op: "same", failures: [] });
        assert.deepEqual(await world.requests(), []);
        assert.deepEqual(stack.notes, []);
      });

      it("is read without a difference, when nothing drifted", async () => {
        await stack.begin();
        assert.equal(await stack.refresh("it"), false);
        includes(stack.outputs("it"), life.made);
      });

      it("is updated in place, when its inputs change", async () => {
        declare(life.edited);
        const { it: applied } = await stack.up();
        assert.deepEqual(applied, { op: "update", failures: [] });
        assert.equal(stack.kept("it").id, life.id);
        includes(stack.outputs("it"), life.changed);
        assert.deepEqual(await life.onService(world), life.truths.changed);
        assert.equal((await stack.up()).it?.op, "same");
      });

      it("leaves nothing of ours at the service, when it is deleted", async () => {
        stack.declare({});
        await stack.begin();
        await stack.remove("it");
        assert.deepEqual(await life.onService(world), life.truths.gone);
      });

      it("is deleted in silence, when it is gone already", async () => {
        declare(life.edited);
        await stack.up();
        stack.declare({});
        await stack.begin();
        const kept = { ...stack.kept("it") };
        await stack.remove("it");
        const before = await life.onService(world);
        await stack.host.delete(life.kind, kept);
        assert.deepEqual(await life.onService(world), before);
      });
    });
  });
}
