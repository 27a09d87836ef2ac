import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readByDepartment } from "../../../examples/groups/lists";
import { root } from "../../support/paths";

describe("the lists of the example groups", () => {
  let folder: string;
  const write = (content: string): string => {
    const file = join(folder, "list.csv");
    writeFileSync(file, content);
    return file;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-lists-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("are read by department, each department there", () => {
    const devices = readByDepartment(join(root, "examples/groups/devices.csv"), "Serial Number");
    const counts = [...devices].map(([name, rows]) => `${name} ${rows.length}`);
    assert.deepEqual(counts, ["surveying 8", "drawing-office 7", "accounts 4"]);
    const one = readByDepartment(
      write("\uFEFFSerial Number,department\r\nF9FW000001 , accounts\r\n\r\n"),
      "Serial Number",
    );
    assert.deepEqual(one.get("accounts"), [{ "Serial Number": "F9FW000001", department: "accounts" }]);
    assert.deepEqual(one.get("surveying"), []);
  });

  const refusals: Readonly<Record<string, [text: string, message: RegExp]>> = {
    "a department that there is not": [
      "id,department\na,accounts\nb,acounts\n",
      /line 3: .* no department "acounts"\.$/,
    ],
    "no column for the department": ["id,team\na,accounts\n", /line 2: .* no department ""\.$/],
    "an empty id": ["id,department\n,accounts\n", /line 2: the column "id" is empty\.$/],
    "nothing but a first row": ["id,department\n", /is empty but for its first row\.$/],
  };
  for (const [what, [content, message]] of Object.entries(refusals)) {
    it(`are refused with ${what}`, () => assert.throws(() => readByDepartment(write(content), "id"), { message }));
  }
});
