import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { artefact, installChromium, startBrowser, whyNoBrowser } from "../support/chromium";
import { pulumiVpp, stored, tokenFileOf, writeState } from "../support/command";
import { hostileNames, pageLibraries } from "../support/pageLibraries";
import { serials, World } from "../support/world";

const hq = "2049025000431439";
const branch = "2049025000431440";
const token = { libraryId: hq, contentTokenKey: "default", bindingId: "ours" };
const phone: BrowserContextOptions = { viewport: { width: 375, height: 812 }, isMobile: true, hasTouch: true };

/** What axe tells of a page, as far as it is used here. */
interface Audit {
  readonly violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[];
}

describe("the page of pulumi-vpp report, in a browser", function () {
  this.timeout(600_000);
  const file = artefact("report.html");
  let browser: Browser;
  let page: Page;
  /** Whatever the page asked of a network, said on its console, or opened. */
  let doings: string[];

  before(async function () {
    if (!installChromium()) {
      console.log(`      not run: the report's page in a browser, because ${whyNoBrowser}`);
      this.skip();
    }
    const world = await World.start(pageLibraries());
    const apps = [{ adamId: "361285480", pricingParam: "STDQ" }];
    const state = writeState(world.path("state.json"), [
      stored("VppToken", "hq", token),
      stored("VppToken", "branch", { libraryId: branch, contentTokenKey: "branch", bindingId: "ours" }),
      stored("VppAssignment", "all", { token, apps, serialNumbers: serials(120) }),
      stored("VppUserSet", "sales", { token, users: [{ clientUserId: "person-001" }] }),
    ]);
    const env = { ...world.env, VPP_CONTENT_TOKEN_BRANCH_FILE: tokenFileOf(world, branch) };
    const { code, stderr } = await pulumiVpp(["report", "--html", file, "--state", state], env);
    await world.close();
    assert.equal(code, 0, stderr);
    browser = await startBrowser();
  });
  after(() => browser?.close());
  afterEach(() => page?.close());

  async function open(options: BrowserContextOptions = {}): Promise<void> {
    doings = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    page.on("request", (request) => doings.push(`asks for ${request.url()}`));
    page.on("console", (message) => doings.push(`says ${message.text()}`));
    page.on("pageerror", (error) => doings.push(`stumbles: ${error.message}`));
    page.on("dialog", (dialog) => doings.push(`opens ${dialog.message()}`));
    await page.goto(`file://${file}`);
  }

  const list = (name: string) => page.locator(`[data-table=${name}]`);
  const firstCells = (name: string): Promise<string[]> => list(name).locator("tbody th").allTextContents();
  const status = (name: string): Promise<string | null> => list(name).locator("[role=status]").textContent();

  it("asks nothing of any network, runs nothing that a name holds, and shows the names as they are", async () => {
    await open();
    const names = (await firstCells("apps")).join("\n");
    for (const name of hostileNames)
      assert.ok(names.includes(name.replace("\u2028", " ")), `${name} is not in ${names}`);
    await list("devices").getByLabel("Search").fill("F9FW000005");
    await list("devices").locator("summary").click();
    assert.match((await list("devices").locator("details").textContent())!, /<\/script><img src=x/);
    assert.equal(await page.evaluate("window.taken"), undefined);
    assert.equal(await page.locator("img, iframe, link, object").count(), 0);
    assert.match((await page.locator("#tokens").textContent())!, /Contoso Branch <b>East<\/b>/);
    assert.deepEqual(doings, [`asks for file://${file}`]);
  });

  it("could not use a network or run a foreign script if it wanted to", async () => {
    await open();
    const tries = `(async () => {
      const blocked = [];
      addEventListener("securitypolicyviolation", ({ effectiveDirective }) => blocked.push(effectiveDirective));
      await fetch("http://127.0.0.1:9/").catch(() => {});
      document.body.append(Object.assign(new Image(), { src: "http://127.0.0.1:9/x.png" }));
      document.body.insertAdjacentHTML("beforeend", '<button id="inline" onclick="window.taken=1">x</button><p style="color:red">y</p>');
      document.getElementById("inline").click();
      document.body.append(Object.assign(document.createElement("script"), { text: "window.taken=2" }));
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { blocked: [...new Set(blocked)].sort(), taken: window.taken };
    })()`;
    const { blocked, taken } = await page.evaluate<{ blocked: string[]; taken?: number }>(tries);
    assert.deepEqual(blocked, ["connect-src", "img-src", "script-src-attr", "script-src-elem", "style-src-attr"]);
    assert.equal(taken, undefined);
  });

  it("is readable by its owner only and holds no e-mail address and no token", () => {
    const text = readFileSync(file, "utf8");
    if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.doesNotMatch(text, /@contoso|[A-Za-z0-9+/]{80}/);
  });

  it("tells in numbers what its bars show", async () => {
    await open();
    const text = String(await page.evaluate("document.querySelector('main').innerText")).replace(/\s+/g, " ");
    assert.match(text, /Contoso HQ valid 240 \d{4}-\d\d-\d\d nobody/);
    assert.match(text, /Contoso Branch <b>East<\/b> expiring 12 \d{4}-\d\d-\d\d nobody/);
    assert.match(text, /Contoso HQ 40 20 Contoso Branch <b>East<\/b> 0 0/);
    assert.match(text, /1 licence 65 2 licences 40 3 licences 10 4 licences 28 5 licences 12 /);
    assert.match(text, /Contoso HQ 120 270 10 59 Contoso Branch <b>East<\/b> 0 25 25 0/);
    assert.match(text, /Needs a person Contoso Branch <b>East<\/b>: the content token expires/);
  });

  it("is searched, filtered and sorted, and says how much it found", async () => {
    await open();
    assert.equal(await status("apps"), "19 apps");
    await list("apps").getByLabel("Search").fill("KEYNOTE branch");
    assert.equal(await status("apps"), "1 of 19 apps");
    await list("apps").getByLabel("Search").fill("");
    await list("apps").getByLabel("Show").selectOption({ label: "fewer than 5 % free" });
    assert.deepEqual(await firstCells("apps"), [`${hostileNames[0]} 900000001`, "Keynote 361285480"]);
    const devices = list("devices");
    await devices.getByRole("button", { name: "Licences" }).click();
    assert.equal(await devices.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
    assert.deepEqual((await firstCells("devices")).slice(0, 2), serials(2));
    await devices.getByRole("button", { name: "Licences" }).click();
    assert.equal(await devices.locator("th[aria-sort]").getAttribute("aria-sort"), "ascending");
    await devices.getByLabel("Library").selectOption({ label: "Contoso Branch <b>East</b>" });
    assert.equal(await status("devices"), "25 of 155 devices");
    await devices.getByLabel("Library").selectOption({ label: "all" });
    await devices.getByLabel("Holds").selectOption({ label: "Signum PDF Pro (Contoso HQ)" });
    assert.equal(await status("devices"), "30 of 155 devices");
    await devices.getByLabel("Declared").selectOption({ label: "all licences declared" });
    assert.equal(await status("devices"), "0 of 155 devices");
    await list("people").getByLabel("Invitation").selectOption({ label: "invited" });
    assert.equal(await status("people"), "20 of 60 people");
  });

  it("is used with the keyboard alone", async () => {
    await open();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to the apps");
    await page.keyboard.press("Enter");
    for (const expected of ["INPUT", "SELECT", "SELECT", "DIV", "BUTTON"]) {
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.tagName"), expected);
    }
    await page.keyboard.press("Enter");
    assert.equal(await list("apps").locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
    const outline = "getComputedStyle(document.activeElement).outlineStyle";
    assert.equal(await page.evaluate(outline), "solid");
    const next = list("devices").getByRole("button", { name: "Next" });
    await next.focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press("Enter");
    assert.equal(await list("devices").locator(".place").textContent(), "Page 4 of 4");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Next", "the focus is lost at the end");
  });

  for (const [name, options] of [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["phone", { ...phone, colorScheme: "light" }],
    ["phone-dark", { ...phone, colorScheme: "dark" }],
  ] as const)
    it(`has no fault that axe finds, and its picture is kept: ${name}`, async () => {
      await open(options);
      await page.locator("summary").first().click();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<Audit>("axe.run()");
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join("; ")}`,
      );
      assert.deepEqual(found, []);
      const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      assert.ok((await page.evaluate<number>(overflow)) <= 0, "the page is wider than the screen");
      await page.screenshot({ path: artefact(`report-${name}.png`), fullPage: true });
      await page.evaluate("scrollTo(0, 0)");
      await page.screenshot({ path: artefact(`report-${name}-top.png`) });
    });

  it("prints all apps, the first of the long lists, and no controls", async () => {
    await open({ colorScheme: "dark" });
    await list("apps").getByLabel("Search").fill("no such app");
    await list("apps").getByLabel("Search").fill("");
    await page.emulateMedia({ media: "print" });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    assert.equal(await list("apps").locator("tbody tr").count(), 19);
    assert.equal(await list("devices").locator("tbody tr").count(), 100);
    assert.equal(await status("devices"), "The first 100 of 155 devices");
    assert.equal(await page.locator("details").count(), 0, "nothing can be unfolded on paper");
    await page.screenshot({
      path: artefact("report-print.png"),
      clip: { x: 0, y: 0, width: 1280, height: 1800 },
      fullPage: true,
    });
    assert.equal(await page.locator("input:visible, select:visible, nav:visible").count(), 0);
    assert.equal(await page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    assert.equal(await list("devices").locator("tbody tr").count(), 50);
    const pdf = await page.pdf({ path: artefact("report.pdf"), format: "A4" });
    const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(sheets >= 3 && sheets <= 12, `${sheets} sheets`);
  });

  it("shows its figures without a script, and says what is missing", async () => {
    await open({ javaScriptEnabled: false });
    assert.match((await page.locator("noscript").textContent()) ?? "", /The figures above are complete/);
    assert.match((await page.locator("#tokens").textContent()) ?? "", /Contoso HQ/);
  });
});
