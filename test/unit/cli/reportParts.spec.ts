import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportOf } from "../../../cli/report/data";
import { writePage } from "../../../cli/report/file";
import { html, inlineJson } from "../../../cli/report/markup";
import { summarize } from "../../../cli/status/summary";
import { declaredBy } from "../../../inventory/declared";
import type { StoredResource } from "../../../inventory/deployment";
import type { Inventory, InventoryApp } from "../../../inventory/types";
import { isVppError } from "../../../provider/errors";
import { stored } from "../../support/command";

describe("report › markup", () => {
  const nasty = `</script><img src=x onerror="alert('1')">&`;

  it("escapes whatever is put into it, and leaves markup and nothing alone", () => {
    assert.equal(
      html`<p title="${nasty}">${[html`<b>${1}</b>`, "&", false, undefined]}</p>`.text.includes("<img"),
      false,
    );
    assert.equal(html`<p>${[html`<b>${1}</b>`, "&", false, undefined]}</p>`.text, "<p><b>1</b>&amp;</p>");
    assert.equal(html`${"'"}${'"'}\ud800`.text.slice(0, 11), "&#39;&quot;");
  });

  it("embeds JSON that ends no element and reads the same, but for what nobody sees", () => {
    const { text } = inlineJson({ name: nasty, line: "\u2028<!--" });
    assert.doesNotMatch(text, /[<>&\u2028]/);
    assert.deepEqual(JSON.parse(text), { name: nasty, line: " <!--" });
  });
});

describe("report › data", () => {
  const app = (adamId: string, totalCount: number): InventoryApp => {
    const counts = { totalCount, assignedCount: 2, availableCount: totalCount - 2, retiredCount: 0 };
    const ref = { key: `${adamId}/STDQ`, adamId, pricingParam: "STDQ", productType: "App" };
    return {
      ...ref,
      ...counts,
      deviceAssignable: true,
      revocable: true,
      supportedPlatforms: [],
      displayName: `App\u0007 ${adamId}`,
    };
  };
  const inventory = {
    libraryId: "L1",
    title: "HQ\u001b",
    token: { status: "valid", expiresAt: new Date(Date.now() + 1e10), daysLeft: 115 },
    apps: [app("1", 10), app("2", 2_147_483_647)],
    users: [
      { clientUserId: "ada", status: "Associated", email: "ada@contoso.example" },
      { clientUserId: "bob", status: "Registered", email: "bob@contoso.example" },
    ],
    licences: {
      devices: new Map([
        ["1/STDQ", new Set(["A", "B"])],
        ["2/STDQ", new Set(["A", "B", "C"])],
      ]),
      users: new Map([["1/STDQ", new Set(["bob"])]]),
    },
  } as unknown as Inventory;

  it("holds every set of apps once, marks what has no end, and has no address and no control character", () => {
    const { data, totals } = reportOf(summarize(inventory, { expectDeclared: false }));
    assert.deepEqual(data.apps, [
      ["App  1", "1", "STDQ", "App", 10, 2, 8, 1, 0],
      ["App  2", "2", "STDQ", "App", -1, 2, 2_147_483_645, 0, 0],
    ]);
    assert.deepEqual(data.sets, [[0, 1], [1], [0], []]);
    assert.deepEqual(data.devices, [
      ["A", 0, 0],
      ["B", 0, 0],
      ["C", 1, 0],
    ]);
    assert.deepEqual(data.people, [
      ["ada", 1, 3, 0, -1],
      ["bob", 0, 2, 0, -1],
    ]);
    assert.deepEqual(
      [totals.devices, totals.held, [...totals.devicesByLicences]],
      [
        3,
        6,
        [
          [2, 2],
          [1, 1],
        ],
      ],
    );
    assert.equal(data.isCompared, false);
    assert.doesNotMatch(JSON.stringify(data), /@|\\u00/);
  });

  it("shows people with a status that is neither invited nor accepted as what they are", () => {
    const users = [...inventory.users!, { clientUserId: "eve", status: "Suspended" }];
    const summary = summarize({ ...inventory, users }, { expectDeclared: false });
    assert.deepEqual(summary.people, { invited: 1, accepted: 1, other: 1 });
    assert.deepEqual(
      reportOf(summary).data.people.map(([id, standing]) => [id, standing]),
      [
        ["ada", 1],
        ["bob", 0],
        ["eve", 2],
      ],
    );
  });

  it("counts what no resource declares, by app, device and person", () => {
    const token = { libraryId: "L1", contentTokenKey: "default", bindingId: "ours" };
    const declared = declaredBy([
      stored("VppAssignment", "kiosk", {
        token,
        apps: [{ adamId: "2", pricingParam: "STDQ" }],
        serialNumbers: ["A", "B"],
      }),
      stored("VppUserSet", "sales", { token, users: [{ clientUserId: "ada" }] }),
    ] as StoredResource[]);
    const { data, totals } = reportOf(summarize(inventory, { expectDeclared: false, declared }));
    assert.deepEqual(
      data.apps.map((row) => row.at(-1)),
      [3, 1],
    );
    assert.deepEqual(
      data.devices.map((row) => row.at(-1)),
      [1, 1, 1],
    );
    assert.deepEqual(
      data.people.map((row) => row.slice(3)),
      [
        [0, 1],
        [1, 0],
      ],
    );
    assert.deepEqual([data.isCompared, totals.undeclared], [true, 4]);
  });
});

describe("report › file", () => {
  const folder = mkdtempSync(join(tmpdir(), "vpp-page-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "page.html");

  it("is readable by its owner only, and replaces an older page without a trace", async () => {
    await writePage(file, "<!doctype html>one");
    await writePage(file, "<!doctype html>two");
    assert.equal(readFileSync(file, "utf8"), "<!doctype html>two");
    if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["page.html"]);
  });

  it("is not written over what is no page, nor where it can't be", async () => {
    const refused = (why: RegExp) => (error: unknown) => isVppError(error) && why.test(error.reason);
    const token = join(folder, "hq.vpptoken");
    writeFileSync(token, "c2VjcmV0");
    await assert.rejects(writePage(token, "<!doctype html>"), refused(/a file is there that is no web page/));
    assert.equal(readFileSync(token, "utf8"), "c2VjcmV0");
    mkdirSync(join(folder, "sub"));
    await assert.rejects(writePage(join(folder, "sub"), "x"), refused(/EISDIR/));
    await assert.rejects(writePage(join(folder, "none/page.html"), "x"), refused(/ENOENT/));
    assert.deepEqual(readdirSync(folder).sort(), ["hq.vpptoken", "page.html", "sub"]);
  });
});
