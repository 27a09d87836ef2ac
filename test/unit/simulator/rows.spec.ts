import assert from "node:assert/strict";
import { jsonPieces, Rows, withRows } from "../../../simulator/kit/rows";
import { control, raw, start, stopAll } from "./support";

const same = (text: string) => text;

describe("simulator: rows of a control answer", () => {
  afterEach(stopAll);

  it("are written as JSON would write the list they stand for", () => {
    const items = Array.from({ length: 5000 }, (_, index) => index);
    const row = (item: number) => ({ item, text: `"quoted" ünï ${item}`, left: undefined });
    const value = (list: unknown) => ({
      libraries: [{ list, empty: [], none: {}, no: null, deep: { texts: ["a", "b"] }, out: undefined }, {}],
      now: "x",
    });
    const pieces = jsonPieces(value(new Rows(items, row)), same);
    assert.ok(pieces.length > 2, `${pieces.length} pieces`);
    assert.equal(Buffer.concat(pieces).toString("utf8"), JSON.stringify(value(items.map(row))));
    assert.deepEqual(withRows(value(new Rows(items, row))), value(items.map(row)));
    assert.equal(Buffer.concat(jsonPieces({ rows: new Rows([], row) }, same)).toString(), '{"rows":[]}');
  });

  it("are cleaned whole: no token gets through at the end of a piece", async () => {
    const client = await start();
    const token = client.simulator.token();
    for (let index = 0; index < 300; index += 1) {
      const serialNumbers = [`${"x".repeat(index)}${token}`];
      await control(client, "assignments", { action: "assign", assets: [{ adamId: "300" }], serialNumbers });
    }
    const { body } = await raw(client, "GET", "state");
    const shown = body.libraries[0]!.assignments.map((pair) => pair.serialNumber!);
    assert.equal(shown.length, 300);
    assert.ok(shown.every((serialNumber) => /^x*\[token\]$/.test(serialNumber)));
  });
});
