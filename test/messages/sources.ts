import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { root } from "../support/paths";

/** Folders whose code speaks to users. The simulator speaks as Apple does, and its own words are in its README. */
const folders = ["provider", "sdk", "inventory", "cli"];

/** The product's sources, parsed, with what is needed to follow a name to its declaration. */
export interface Sources {
  readonly files: readonly ts.SourceFile[];
  readonly symbolOf: (node: ts.Node) => ts.Symbol | undefined;
  /** Every call of a function by its name, in the order of the sources. */
  readonly callsOf: (declared: ts.Symbol) => readonly ts.CallExpression[];
  readonly pathOf: (node: ts.Node) => string;
}

/** Parses the sources. Packages and the language's own library are left out: no message comes from there. */
export function readSources(): Sources {
  const paths = folders.flatMap((folder) => filesIn(join(root, folder))).sort();
  const options: ts.CompilerOptions = { noLib: true, types: [], target: ts.ScriptTarget.ES2022, noEmit: true };
  const host = ts.createCompilerHost(options, true);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => {
      const path = text.startsWith(".") ? resolveFile(join(from, "..", text)) : undefined;
      const found = { resolvedFileName: path ?? "", extension: ts.Extension.Ts, isExternalLibraryImport: false };
      return { resolvedModule: path === undefined ? undefined : found };
    });
  const program = ts.createProgram(paths, options, host);
  const checker = program.getTypeChecker();
  const symbolOf = (node: ts.Node): ts.Symbol | undefined => {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  };
  const files = paths.map((path) => program.getSourceFile(path)!);
  const calls = new Map<ts.Symbol, ts.CallExpression[]>();
  for (const file of files) {
    visit(file, (node) => {
      if (!ts.isCallExpression(node)) return;
      const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
      const symbol = symbolOf(name);
      if (symbol !== undefined) calls.set(symbol, [...(calls.get(symbol) ?? []), node]);
    });
  }
  return {
    files,
    symbolOf,
    callsOf: (declared) => calls.get(declared) ?? [],
    pathOf: (node) => relative(root, node.getSourceFile().fileName),
  };
}

/** Calls `use` for a node and all that is in it, from the outside in. */
export function visit(node: ts.Node, use: (node: ts.Node) => void): void {
  use(node);
  node.forEachChild((child) => visit(child, use));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

function resolveFile(path: string): string | undefined {
  return [`${path}.ts`, join(path, "index.ts")].find((candidate) => ts.sys.fileExists(candidate));
}
