import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { Plan } from "../../../../provider/plan/planReader";
import { assignmentLine, PlanFile, runLine, tokenLine, userSetLine } from "../../../support/hostPlan";

const keynote = "361285480/STDQ";

describe("plan", () => {
  let file: PlanFile;

  beforeEach(() => {
    file = new PlanFile();
  });

  afterEach(() => file.dispose());

  describe("reading", () => {
    it("takes only what was appended since, and the later line of an entry counts", () => {
      const plan = new Plan(file.path).refresh();
      assert.deepEqual(plan.identity, runLine);
      assert.equal(plan.assignmentsOf("default").size, 0);
      file.append(assignmentLine("1", { serialNumbers: [] }), tokenLine("2"));
      plan.refresh();
      assert.equal(plan.requires(new Set(["default"]), keynote, "device", "C02XL0GSJGH6"), false);
      file.append(assignmentLine("1", { serialNumbers: ["C02XL0GSJGH6"] }));
      assert.equal(plan.refresh().requires(new Set(["default"]), keynote, "device", "C02XL0GSJGH6"), true);
      assert.equal(plan.assignmentsOf("default").size, 1);
      assert.deepEqual(plan.declaredTokens, [tokenLine("2")]);
    });

    it("leaves half a line for the next time, also when it breaks inside a letter", () => {
      const bytes = Buffer.from(`${JSON.stringify(userSetLine("3", ["jürgen"]))}\n`);
      const cut = bytes.indexOf(0xbc);
      assert.notEqual(cut, -1);
      const plan = new Plan(file.path).refresh();
      file.appendText(bytes.subarray(0, cut));
      assert.equal(plan.refresh().userSet("3"), undefined);
      file.appendText(bytes.subarray(cut));
      assert.ok(plan.refresh().userSet("3")?.users.has("jürgen"));
    });

    it("keeps what it knows, when the program has ended and its file is gone", () => {
      file.append(userSetLine("3", ["ada"]));
      const plan = new Plan(file.path).refresh();
      file.dispose();
      assert.ok(plan.refresh().userSetsOf("default")[0]?.users.has("ada"));
      file = new PlanFile();
    });

    it("costs nothing, when nothing was appended", () => {
      file.append(assignmentLine("1"));
      const plan = new Plan(file.path).refresh();
      const before = plan.assignment("1");
      assert.equal(plan.refresh().assignment("1"), before);
    });
  });

  describe("what is required", () => {
    it("compares serial numbers as the provider writes them, in upper case and trimmed", () => {
      file.append(assignmentLine("1", { serialNumbers: [" c02xl0gsjgh6 "] }));
      assert.equal(
        new Plan(file.path).refresh().requires(new Set(["default"]), keynote, "device", "C02XL0GSJGH6"),
        true,
      );
    });

    const cases: [string, Parameters<Plan["requires"]>, boolean][] = [
      ["of another library", [new Set(["other"]), keynote, "device", "F9FW000001"], false],
      ["of another pricing kind", [new Set(["default"]), "361285480/PLUS", "device", "F9FW000001"], false],
      ["of another kind of target", [new Set(["default"]), keynote, "user", "F9FW000001"], false],
      ["that is declared as required", [new Set(["default"]), keynote, "device", "F9FW000001"], true],
      ["that is declared as uninstalled", [new Set(["default"]), keynote, "device", "F9FW000002"], false],
    ];
    for (const [what, question, answer] of cases) {
      it(`${answer ? "includes" : "leaves out"} a pair ${what}`, () => {
        file.append(
          assignmentLine("1", { serialNumbers: ["F9FW000001"] }),
          assignmentLine("2", { serialNumbers: ["F9FW000002"], intent: "uninstall" }),
        );
        assert.equal(new Plan(file.path).refresh().requires(...question), answer);
      });
    }

    it("never takes a list with repeats for a longer one", () => {
      file.append(
        assignmentLine("1", { serialNumbers: ["F9FW000001", "F9FW000002", "F9FW000003"] }),
        assignmentLine("2", { serialNumbers: ["F9FW000001", "F9FW000001", "F9FW000003"] }),
      );
      const plan = new Plan(file.path).refresh();
      assert.deepEqual([...plan.assignment("2")!.targets.device!], ["F9FW000001", "F9FW000003"]);
    });

    it("counts devices and people of every assignment that requires the app", () => {
      file.append(
        assignmentLine("1", { serialNumbers: ["F9FW000001", "F9FW000002"], clientUserIds: ["ada"] }),
        assignmentLine("2", { clientUserIds: ["bob"] }),
        assignmentLine("3", { clientUserIds: ["eve"], intent: "uninstall" }),
        assignmentLine("4", { clientUserIds: ["eve"], apps: [["409201541", "STDQ"]] }),
      );
      assert.equal(new Plan(file.path).refresh().requiredCount("default", keynote), 4);
    });
  });

  describe("size", () => {
    it("holds 1.5 million pairs in less than 100 MB of heap", function () {
      this.timeout(60_000);
      // 15 assignments of 20 apps for 5,000 devices each: 1,500,000 pairs.
      for (let part = 0; part < 15; part++) {
        const apps = Array.from({ length: 20 }, (_, app) => [String(1_000_000_000 + part * 20 + app), "STDQ"] as const);
        const serialNumbers = Array.from({ length: 5000 }, (_, device) => `F9FW${String(device).padStart(6, "0")}`);
        file.append(assignmentLine(String(part), { apps, serialNumbers }));
      }
      const script = `
        const { Plan } = require(${JSON.stringify(join(__dirname, "../../../../provider/plan/planReader.js"))});
        gc();
        const before = process.memoryUsage().heapUsed;
        const plan = new Plan(${JSON.stringify(file.path)}).refresh();
        gc();
        const mb = (process.memoryUsage().heapUsed - before) / 1e6;
        let pairs = 0;
        for (let app = 0; app < 300; app++) pairs += plan.requiredCount("default", 1000000000 + app + "/STDQ");
        console.log(JSON.stringify({ mb, pairs }));`;
      const output = execFileSync(process.execPath, ["--expose-gc", "--max-old-space-size=160", "-e", script], {
        encoding: "utf8",
      });
      const { mb, pairs } = JSON.parse(output) as { mb: number; pairs: number };
      assert.equal(pairs, 1_500_000);
      assert.ok(mb < 100, `${mb} MB`);
    });
  });
});
