import { join } from "node:path";
import ts from "typescript";
import { root } from "../support/paths";
import { type Block, readPage } from "./pages";

/** A program as a page gives it: a block that imports something, and at its end perhaps one that goes on from there. */
export interface Program {
  /** Page and line, to find it by. */
  readonly title: string;
  /** The program above it on its page. */
  readonly above?: Program;
  readonly text: string;
  /** Where its lines come from. */
  readonly blocks: readonly Block[];
  /** Files that the page shows, which lie in the program's folder. */
  readonly files: readonly Block[];
}

/** The TypeScript programs of a page. A block with an import begins one; any other stands at the end of the program above it. */
export function programsOf(page: string): Program[] {
  const programs: Program[] = [];
  let whole: Program | undefined;
  const { blocks } = readPage(page);
  const files = blocks.filter(({ file, language }) => file !== "" && language !== "ts");
  for (const block of blocks) {
    // A file of its own is no program: other tests know what to do with it.
    if (block.language !== "ts" || block.file !== "") continue;
    const title = `${page}, line ${block.line}`;
    if (/^import /m.test(block.text)) {
      whole = { title, text: block.text, blocks: [block], files, ...(whole && { above: whole }) };
      programs.push(whole);
    } else if (whole === undefined) {
      throw new Error(`${title}: there is no program above this for it to go on from.`);
    } else {
      programs.push({ ...whole, title, text: `${whole.text}\n${block.text}`, blocks: [...whole.blocks, block] });
    }
  }
  return programs;
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmitOnError: false,
  types: ["node"],
};

/** What the compiler makes of programs, all at once since the types that they share take it longest. */
export interface Compiled {
  /** What is wrong with a program, with the page's lines; empty if nothing is. */
  faults(program: Program): string[];
  /** The program as JavaScript (CommonJS). */
  script(program: Program): string;
}

/** Compiles programs as a user's compiler does, against the package's own types. */
export function compile(programs: readonly Program[]): Compiled {
  // In the root folder the package's name leads to the package itself, as it does in a project that has installed it.
  const fileOf = new Map(programs.map((program, index) => [program, join(root, `docs-program-${index}.ts`)]));
  const texts = new Map(programs.map((program) => [fileOf.get(program)!, program.text]));
  const scripts = new Map<string, string>();
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => texts.has(file) || disk.fileExists(file),
    readFile: (file) => texts.get(file) ?? disk.readFile(file),
    getSourceFile: (file, version, ...rest) => {
      const text = texts.get(file);
      return text === undefined ? disk.getSourceFile(file, version, ...rest) : ts.createSourceFile(file, text, version);
    },
    writeFile: (file, text) => void scripts.set(file, text),
  };
  const whole = ts.createProgram([...texts.keys()], options, host);
  whole.emit();
  return {
    faults: (program) => {
      const source = whole.getSourceFile(fileOf.get(program)!);
      return ts.getPreEmitDiagnostics(whole, source).map(({ start = 0, file, messageText }) => {
        const line = file ? file.getLineAndCharacterOfPosition(start).line : 0;
        return `${placeOf(program, line)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
      });
    },
    script: (program) => scripts.get(fileOf.get(program)!.replace(/ts$/, "js"))!,
  };
}

/** A line of a program as a line of its page. */
function placeOf({ blocks }: Program, line: number): string {
  let left = line;
  for (const { page, line: first, text } of blocks) {
    const lines = text.split("\n").length;
    if (left < lines) return `${page}, line ${first + left}`;
    left -= lines;
  }
  return "its end";
}
