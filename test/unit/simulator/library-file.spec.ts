import assert from "node:assert/strict";
import { DEFAULT_LIBRARY, type LibraryFile } from "../../../simulator";
import { fileOf, smallLibrary, start, stateOf, stopAll } from "./support";

describe("simulator: library files", () => {
  afterEach(stopAll);

  const user = (clientUserId: string, status: "Registered" | "Retired" = "Registered") => ({ clientUserId, status });
  const wrong: [string, unknown, RegExp][] = [
    ["no libraries", {}, /^needs "libraries"$/],
    ["an empty list", { libraries: [] }, /^libraries must not be empty$/],
    ["a misspelt field", fileOf({ ...smallLibrary(), domain: [] } as never), /^libraries\[0\] has a field "domain"/],
    ["a missing name", { libraries: [{ libraryId: "1" }] }, /^libraries\[0\] needs "organizationName"$/],
    [
      "a wrong adamId",
      fileOf(smallLibrary({ assets: [{ adamId: "x1", name: "X", totalCount: 1 }] })),
      /^libraries\[0\]\.assets\[0\]\.adamId must consist of digits$/,
    ],
    [
      "an asset without a count",
      fileOf(smallLibrary({ assets: [{ adamId: "1", name: "X" }] })),
      /^libraries\[0\]\.assets\[0\] needs either "totalCount" or "unlimited"$/,
    ],
    [
      "a count below zero",
      fileOf(smallLibrary({ assets: [{ adamId: "1", name: "X", totalCount: -1 }] })),
      /totalCount must be >= 0$/,
    ],
    [
      "a book that can be taken back",
      fileOf(
        smallLibrary({ assets: [{ adamId: "1", name: "X", productType: "Book", totalCount: 1, revocable: true }] }),
      ),
      /^libraries\[0\]\.assets\[0\]\.revocable must be false, as it is for all books$/,
    ],
    ["a country in words", fileOf(smallLibrary({ countryCode: "Switzerland" })), /two capital letters$/],
    [
      "a wrong state",
      fileOf(smallLibrary({ users: [user("a", "Away" as "Retired")] })),
      /status must be "Registered" or/,
    ],
    [
      "a moment in words",
      fileOf(smallLibrary({ tokens: [{ name: "a", expiresAt: "tomorrow" }] })),
      /tokens\[0\]\.expiresAt must be a moment such as/,
    ],
    ["the same library twice", fileOf(smallLibrary(), smallLibrary()), /libraryId 1001 occurs twice$/],
    ["the same token twice", fileOf(smallLibrary({ tokens: [{ name: "a" }, { name: "a" }] })), /"a" occurs twice$/],
    [
      "the same asset twice",
      fileOf(smallLibrary({ assets: [1, 2].map((totalCount) => ({ adamId: "1", name: "X", totalCount })) })),
      /assets\[1\]: 1\/STDQ occurs twice$/,
    ],
    ["a user active twice", fileOf(smallLibrary({ users: [user("a"), user("a")] })), /users\[1\]: .* active twice$/],
    [
      "an assignment of what is not owned",
      fileOf(smallLibrary({ assignments: [{ adamId: "5", serialNumbers: ["A"] }] })),
      /assignments\[0\]: the library does not own 5 \(STDQ\)$/,
    ],
    [
      "an assignment to nobody known",
      fileOf(smallLibrary({ assignments: [{ adamId: "100", clientUserIds: ["zoe"] }] })),
      /no user "zoe"$/,
    ],
    [
      "more licences than there are",
      fileOf(smallLibrary({ assignments: [{ adamId: "200", serialNumbers: ["A", "B", "C"] }] })),
      /more licences are given than the library owns$/,
    ],
    [
      "more licences than there are and were refunded",
      fileOf(
        smallLibrary({
          assets: [{ adamId: "200", name: "Two", totalCount: 1, refundedCount: 1 }],
          assignments: [{ adamId: "200", serialNumbers: ["A", "B", "C"] }],
        }),
      ),
      /more licences are given than the library owns$/,
    ],
    [
      "two states of one user",
      fileOf(smallLibrary({ users: [{ clientUserId: "anna", status: "Registered", otherStatus: "Suspended" }] })),
      /users\[0\]: status and otherStatus exclude each other$/,
    ],
    [
      "a known state as another one",
      fileOf(smallLibrary({ users: [{ clientUserId: "anna", otherStatus: "Retired" }] })),
      /users\[0\]\.otherStatus/,
    ],
    [
      "a book for a device",
      fileOf(smallLibrary({ assignments: [{ adamId: "900", serialNumbers: ["A"] }] })),
      /cannot be assigned to devices$/,
    ],
    [
      "an app kept by a retired user",
      fileOf(smallLibrary({ assignments: [{ adamId: "100", clientUserIds: ["carl"] }] })),
      /a retired user keeps nothing that is revocable$/,
    ],
    [
      "a licence given twice",
      fileOf(smallLibrary({ assignments: [{ adamId: "100", serialNumbers: ["A", "A"] }] })),
      /given the same asset twice$/,
    ],
  ];
  for (const [what, file, reason] of wrong) {
    it(`refuses ${what}, naming the place`, async () => {
      await assert.rejects(start({ library: file as LibraryFile }), {
        name: "LibraryFileError",
        message: reason,
      });
    });
  }

  it("serves a believable library when it is given none", async () => {
    const client = await start({ library: DEFAULT_LIBRARY });
    const { assets, users, assignments, mdmInfo, tokens } = await stateOf(client);
    assert.equal(mdmInfo, null);
    assert.equal(tokens.length, 1);
    assert.ok(assets.length >= 14);
    assert.deepEqual([...new Set(users.map((each) => each.status))].sort(), [
      "Associated",
      "Deleted",
      "Registered",
      "Retired",
    ]);
    assert.ok(assignments.some((each) => each.serialNumber !== undefined));
    assert.ok(assignments.some((each) => each.clientUserId !== undefined));
    assert.ok(assets.some((each) => each.totalCount === 2147483647));
    assert.ok(assets.every((each) => each.assignedCount + each.availableCount === each.totalCount));
    assert.equal((await client.get("assets?productType=Book&revocable=false&deviceAssignable=false")).body.size, 2);
    assert.equal((await client.get("assets?productType=App&deviceAssignable=false")).body.size, 1);
    assert.equal((await client.get("assets?pricingParam=PLUS")).body.size, 1);
  });

  it("makes the tokens a file names, revoked and expired ones too", async () => {
    const library = smallLibrary({
      tokens: [
        { name: "old", expiresAt: "2020-01-01T00:00:00+0000" },
        { name: "gone", status: "revoked" },
        { name: "good", expiresAt: "2099-01-01T00:00:00-07:00" },
      ],
    });
    const { tokens } = await stateOf(await start({ library: fileOf(library) }));
    assert.deepEqual(
      tokens.map((token) => [token.name, token.status]),
      [
        ["old", "expired"],
        ["gone", "revoked"],
        ["good", "active"],
      ],
    );
    assert.equal(tokens[2]!.expiresAt, "2099-01-01T07:00:00.000Z");
  });
});
