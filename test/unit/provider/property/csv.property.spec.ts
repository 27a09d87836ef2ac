import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import fc from "fast-check";
import { readDevices, readPeople } from "../../../../examples/quickstart/lists";
import { assertCleanText } from "../../../support/clean";
import { root } from "../../../support/paths";
import { runs } from "../../../support/runs";

const whole = (name: string): Buffer => readFileSync(join(root, "examples/quickstart", name));
const cell = fc.oneof(
  fc.constantFrom(
    "F9FW000001",
    "f9fw000002",
    "ada",
    "ada@contoso.example",
    "",
    " ",
    '"',
    '""',
    "\0",
    "\ufeff",
    "x".repeat(5000),
  ),
  fc.string({ unit: "binary", maxLength: 10 }),
);
const row = (names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: fc.constant(names) }, { weight: 1, arbitrary: fc.array(cell) }),
      fc.array(fc.array(cell, { maxLength: 4 })),
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n", "\r"),
    )
    .map(([head, rows, separator, end]) => [head, ...rows].map((cells) => cells.join(separator)).join(end));
const bytes = fc.uint8Array({ maxLength: 100 }).map((given) => Buffer.from(given));

describe("the quickstart's lists", () => {
  describe("given anything at all as a CSV", () => {
    let file: string;

    before(() => {
      file = join(mkdtempSync(join(tmpdir(), "vpp-csv-")), "list.csv");
    });
    after(() => rmSync(join(file, ".."), { recursive: true, force: true }));

    /** What is read, or undefined if it is refused in plain words. */
    function read<T>(reader: (file: string) => T[], content: string | Buffer): T[] | undefined {
      writeFileSync(file, content);
      try {
        return reader(file);
      } catch (error) {
        assert.ok(RunError.isInstance(error), String((error as Error).stack));
        assertCleanText(error.message.replaceAll(file, "list.csv"));
        return undefined;
      }
    }

    it("are what their columns say, or are refused in plain words without an address", () => {
      const property = fc.property(
        fc.oneof(row(["Serial Number", "Device Model"]), row(["clientUserId", "email"]), bytes),
        (content) => {
          for (const { serialNumber } of read(readDevices, content) ?? [])
            assert.match(serialNumber, /^[A-Z0-9]{8,14}$/);
          const people = read(readPeople, content) ?? [];
          assert.equal(new Set(people.map(({ clientUserId }) => clientUserId)).size, people.length);
        },
      );
      fc.assert(property, runs(500));
    }).timeout(0);

    for (const [name, reader] of [
      ["devices.csv", readDevices],
      ["people.csv", readPeople],
    ] as const) {
      it(`hold nobody who was not there, wherever ${name} is cut off`, () => {
        const content = whole(name);
        const before = (reader as (path: string) => object[])(join(root, "examples/quickstart", name)).map((each) =>
          JSON.stringify(each),
        );
        const property = fc.property(fc.nat({ max: content.length }), (length) => {
          const rest =
            read(reader as (path: string) => object[], content.subarray(0, length))?.map((each) =>
              JSON.stringify(each),
            ) ?? [];
          // Only in the last column of the last row can a cut go unseen.
          assert.deepEqual(rest.slice(0, -1), before.slice(0, Math.max(0, rest.length - 1)));
        });
        fc.assert(property, runs(200));
      });
    }
  });
});
