import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { devicesCsv, idsCsv, peopleCsv } from "../../../../cli/adopt/csv";
import { readDevices, readIds, readPeople } from "../../../../cli/adopt/template/lists";
import { runs } from "../../../support/runs";
import { serials } from "../../../support/world";

describe("the lists of an adopted project", () => {
  let folder: string;
  let file: string;
  const written = (text: string | Buffer): string => {
    writeFileSync(file, text);
    return file;
  };
  const refusal = (read: (file: string) => unknown, text: string | Buffer): string => {
    try {
      read(written(text));
    } catch (error) {
      return (error as Error).message.replace(file, "list.csv");
    }
    return "not refused";
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-lists-"));
    file = join(folder, "list.csv");
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Ids as the provider takes them. */
  const id = fc
    .oneof(
      fc.constantFrom(
        "=1+1",
        "+4917",
        "-x",
        "@home",
        "'quoted",
        "''",
        '"',
        "a,b",
        "a;b",
        "a\u00a0",
        " a ",
        "\ufeffa",
        "＝1",
        "#",
        "ada",
      ),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
    )
    .filter((text) => /^[^\p{Cc}]{1,255}$/u.test(text) && text.isWellFormed());
  const address = fc.constantFrom(
    "ada@contoso.example",
    "=bob@contoso.example",
    "'c,d'@contoso.example",
    "a;b@x.example",
  );

  it("are read as they were written, whatever the ids of people", () => {
    const property = fc.property(fc.uniqueArray(id, { minLength: 1 }), fc.array(address), (ids, addresses) => {
      assert.deepEqual(readIds(written(idsCsv(ids))), ids);
      const people = ids.map((clientUserId, index) => {
        const email = addresses[index];
        return { clientUserId, ...(email !== undefined && { email }) };
      });
      assert.deepEqual(readPeople(written(peopleCsv(people))), people);
    });
    fc.assert(property, runs(300));
  });

  it("hold nothing that a spreadsheet takes for a formula", () => {
    const property = fc.property(fc.array(id, { minLength: 1 }), (ids) => {
      for (const line of idsCsv(ids).split("\n")) assert.doesNotMatch(line, /^"?[=+\-@]/);
    });
    fc.assert(property, runs(300));
  });

  it("of devices are read as they were written, and as a spreadsheet writes them again", () => {
    assert.deepEqual(readDevices(written(devicesCsv(serials(40)))), serials(40));
    const edited = "\ufeffnote;serialNumber\r\nnew; f9fw000001 \r\n;\r\n\r\nold;F9FW000002\r\n";
    assert.deepEqual(readDevices(written(edited)), ["F9FW000001", "F9FW000002"]);
  });

  it("are refused by line, without naming anybody", () => {
    const head = "clientUserId,email\n";
    assert.equal(
      refusal(readDevices, "serialNumber\nF9FW000001\n1.2E+50\n"),
      "list.csv, line 3: this is no serial number (8 to 14 letters or digits).",
    );
    assert.equal(
      refusal(readDevices, "serialNumber\nF9FW000001\n\nf9fw000001\n"),
      "list.csv, line 4: the same as in line 2.",
    );
    assert.equal(refusal(readDevices, "serialNumber,note\n,mine\n"), "list.csv, line 2: serialNumber is empty.");
    assert.equal(refusal(readDevices, "serialNumber\n"), "list.csv holds nothing but its first row.");
    assert.equal(
      refusal(readDevices, "Serial\nF9FW000001\n"),
      "list.csv has no column serialNumber; its first row must name the columns.",
    );
    assert.equal(refusal(readDevices, ""), "list.csv has no column serialNumber; its first row must name the columns.");
    assert.equal(refusal(readPeople, `${head}ada,\nada,\n`), "list.csv, line 3: the same as in line 2.");
    assert.equal(refusal(readPeople, `${head}ada,ada at home\n`), "list.csv, line 2: email is no address.");
    assert.match(
      refusal(readPeople, `${head}ada\n`),
      /^list\.csv can't be read: the rows and columns are not in order \(CSV_\w+, line 2\)\.$/,
    );
    assert.match(
      refusal(readPeople, `${head}"ada,\n`),
      /^list\.csv can't be read: the rows and columns are not in order/,
    );
    assert.equal(
      refusal(readIds, Buffer.from("clientUserId\nada\n", "utf16le")),
      "list.csv has no column clientUserId; its first row must name the columns.",
    );
    assert.equal(
      refusal(readIds, Buffer.from([0x63, 0xff])),
      'list.csv can\'t be read: it is not UTF-8; export it as "CSV UTF-8".',
    );
  });

  it("that are not there are refused by name", () => {
    assert.throws(() => readIds(join(folder, "gone.csv")), { message: /gone\.csv can't be read: ENOENT\.$/ });
  });
});
