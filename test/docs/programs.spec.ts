import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProgramStack, type Ran } from "../support/programStack";
import { pagesWithCode } from "./pages";
import { type Compiled, compile, type Program, programsOf } from "./programs";
import { type DocumentedService, startService } from "./service";

const pages = pagesWithCode()
  .map((page) => ({ page, programs: programsOf(page) }))
  .filter(({ programs }) => programs.length > 0);

describe("the documentation's programs", function () {
  this.timeout(120_000);
  let compiled: Compiled;

  before(() => {
    compiled = compile(pages.flatMap(({ programs }) => programs));
  });

  for (const { page, programs } of pages) {
    it(`compile, those of ${page}`, () => {
      assert.deepEqual(
        programs.flatMap((program) => compiled.faults(program)),
        [],
      );
    });

    it(`do what they say against the simulator, and nothing more the second time, those of ${page}`, async () => {
      for (const program of programs) await runTwice(program);
    });
  }

  async function runTwice(program: Program): Promise<void> {
    const service = await startService();
    const home = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), "vpp-docs-"));
    try {
      for (const { file, text } of program.files) writeFileSync(join(folder, file), text);
      process.chdir(folder);
      const otherStacks = program.text.includes("StackReference") ? await exportsOf(program.above, service) : {};
      const stack = new ProgramStack({ env: service.env, otherStacks });
      const script = compiled.script(program);
      const first = await stack.up(script);
      failIfAny(program, first);
      assert.notDeepEqual(first.written, [], `${program.title} declares nothing`);
      for (const { missingCount, surplusCount } of stack.all("VppAssignment"))
        assert.deepEqual({ missingCount, surplusCount }, { missingCount: 0, surplusCount: 0 }, program.title);
      for (const { missingCount } of stack.all("VppUserSet")) assert.equal(missingCount, 0, program.title);
      const again = await stack.up(script);
      failIfAny(program, again);
      assert.deepEqual(again.written, [], `${program.title} writes again`);
    } finally {
      process.chdir(home);
      rmSync(folder, { recursive: true });
      await service.simulator.close();
    }
  }

  /** What a program finds of another stack: the exports of the program above it on its page, which has been run before. */
  async function exportsOf(program: Program | undefined, { env }: DocumentedService): Promise<Record<string, unknown>> {
    assert.ok(program, "a program that refers to another stack stands below that stack's program");
    const ran = await new ProgramStack({ env }).up(compiled.script(program));
    failIfAny(program, ran);
    return ran.exports;
  }
});

function failIfAny({ title }: Program, { failures }: Ran): void {
  assert.deepEqual(failures, [], title);
}
