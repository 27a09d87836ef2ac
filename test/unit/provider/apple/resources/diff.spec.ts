import assert from "node:assert/strict";
import { Run } from "../../../../../provider/apple/library/run";
import { vppAppKind } from "../../../../../provider/apple/resources/app";
import { vppAssignmentKind } from "../../../../../provider/apple/resources/assignment/assignment";
import { vppTokenKind } from "../../../../../provider/apple/resources/token/token";
import { vppUserSetKind } from "../../../../../provider/apple/resources/userSet/userSet";
import type { Context, Difference } from "../../../../../provider/engine/kind";
import { type SchemaName, schemas } from "../../../../../provider/schema/schemas";
import { tablesOf } from "../../../../support/pages";

type Properties = Readonly<Record<string, unknown>>;

/** A kind whose properties are changed one by one. */
interface Case {
  readonly kind: { diff(context: Context, state: never, inputs: never): Difference | Promise<Difference> };
  readonly inputs: Properties;
  /** What the state holds besides. */
  readonly outputs: Properties;
  /** Another value for each input, and for each that `check` adds. */
  readonly changed: Properties;
}

const token = { libraryId: "1", contentTokenKey: "default", bindingId: "b", managedBy: "them" };
const otherToken = { libraryId: "2", contentTokenKey: "hq", bindingId: "c", managedBy: "others" };
const app = (adamId: string): object => ({ adamId, pricingParam: "STDQ" });

const cases: Readonly<Record<SchemaName, Case>> = {
  VppToken: {
    kind: vppTokenKind,
    inputs: {
      contentTokenKey: "default",
      displayName: "Head office",
      appleAccount: "vpp@contoso.example",
      takeOverFrom: "rival",
      managedBy: "them",
      maxRevocations: 1,
      maxRetirements: 1,
      libraryId: "1",
      bindingId: "b",
      tokenFingerprint: "0123456789ab",
      takenOver: "rival",
    },
    outputs: { status: "valid", holder: { id: "b", name: "pulumi-vpp" } },
    changed: {
      contentTokenKey: "hq",
      displayName: "Headquarters",
      appleAccount: "apps@contoso.example",
      takeOverFrom: "another",
      managedBy: "others",
      maxRevocations: 2,
      maxRetirements: 2,
      libraryId: "2",
      bindingId: "c",
      tokenFingerprint: "ba9876543210",
      takenOver: "another",
    },
  },
  VppApp: {
    kind: vppAppKind,
    inputs: { token, adamId: "361285480", pricingParam: "STDQ", minimumAvailable: 1 },
    outputs: { availableCount: 40 },
    changed: { token: otherToken, adamId: "409183694", pricingParam: "PLUS", minimumAvailable: 2 },
  },
  VppUserSet: {
    kind: vppUserSetKind,
    inputs: { token, users: [{ clientUserId: "ada" }], reclaim: true, maxRetirements: 1 },
    outputs: { missingCount: 0, members: [] },
    changed: { token: otherToken, users: [{ clientUserId: "bob" }], reclaim: false, maxRetirements: 2 },
  },
  VppAssignment: {
    kind: vppAssignmentKind,
    inputs: {
      token,
      apps: [app("361285480")],
      serialNumbers: ["F9FW000001"],
      clientUserIds: ["ada"],
      intent: "required",
      exclusive: false,
      reclaim: true,
      maxRevocations: 1,
    },
    outputs: { missingCount: 0, surplusCount: 0, surplusTargetCount: 0 },
    changed: {
      token: otherToken,
      apps: [app("409183694")],
      serialNumbers: ["F9FW000002"],
      clientUserIds: ["bob"],
      intent: "uninstall",
      exclusive: true,
      reclaim: false,
      maxRevocations: 2,
    },
  },
};

type Outcome = "updated" | "replaced" | "refused" | "unchanged";

async function outcomeOf({ kind, inputs, outputs }: Case, changes: Properties): Promise<Outcome> {
  const libraries = { credential: () => ({ fingerprint: "another", expiresAt: new Date() }) };
  const context = { run: new Run(), libraries, note: () => undefined } as unknown as Context;
  try {
    const state = { ...inputs, ...outputs } as never;
    const { changes: isChanged, replaces = [] } = await kind.diff(context, state, { ...inputs, ...changes } as never);
    return replaces.length > 0 ? "replaced" : isChanged ? "updated" : "unchanged";
  } catch (error) {
    assert.equal((error as { code?: string }).code, "VPP_AUTH_OTHER_LIBRARY");
    return "refused";
  }
}

/** A change of each property alone, by its name; a token's parts count one by one. */
function editsOf({ inputs, changed }: Case): [property: string, changes: Properties][] {
  return Object.entries(changed).flatMap(([name, value]): [string, Properties][] => {
    if (name !== "token") return [[name, { [name]: value }]];
    const before = inputs.token as Properties;
    return Object.entries(value as Properties).map(([part, other]) => [
      `token.${part}`,
      { token: { ...before, [part]: other } },
    ]);
  });
}

describe("an input that changes", () => {
  const page = tablesOf("replacement.md")[2]!;

  for (const [index, name] of (Object.keys(cases) as SchemaName[]).entries()) {
    const tested = cases[name];
    const schema: { required: readonly string[]; properties: object } = schemas[name];

    it(`of a ${name} does what docs/replacement.md says, whichever it is`, async () => {
      assert.deepEqual(
        Object.keys(schema.properties).filter((property) => !(property in tested.changed)),
        [],
      );
      const outcomes: Record<Outcome, string[]> = { updated: [], replaced: [], refused: [], unchanged: [] };
      for (const [property, changes] of editsOf(tested))
        outcomes[await outcomeOf(tested, changes)].push(`\`${property}\``);
      assert.deepEqual(outcomes.unchanged, []);
      const cells = [outcomes.updated, outcomes.replaced, outcomes.refused].map((list) => list.join(", ") || "none");
      assert.deepEqual(page[index], [`\`${name}\``, ...cells]);
    });

    it(`of a ${name} never replaces by being left out`, async () => {
      const optional = Object.keys(schema.properties).filter((property) => !schema.required.includes(property));
      for (const property of optional)
        assert.match(await outcomeOf(tested, { [property]: undefined }), /^(updated|unchanged)$/, property);
    });
  }
});
