import ts from "typescript";
import { Renderer, varying } from "./render";
import { readSources, type Sources, visit } from "./sources";

/** An error that the product can end with, without the name of what it is about. */
export interface ErrorText {
  /** Its code; an ellipsis where another error's is passed on. */
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
}

/** A text of another kind, and the file that it comes from. */
export interface OtherText {
  readonly file: string;
  readonly text: string;
}

/** All that the product can say. */
export interface Messages {
  readonly errors: readonly ErrorText[];
  readonly faults: readonly OtherText[];
  readonly notes: readonly OtherText[];
  readonly partial: readonly OtherText[];
  readonly exits: readonly OtherText[];
  /** Texts of three words or more that none of the other places has shown. */
  readonly rest: readonly OtherText[];
}

/** Collects every message from the sources. */
export function collectMessages(): Messages {
  return new Collector(readSources()).all();
}

/** The names of what holds one sentence of a partial result. */
const sentences = new Set(["sentence", "who"]);

const listsOf: Readonly<Record<string, "faults" | "partial">> = {
  faults: "faults",
  reasons: "partial",
  sentences: "partial",
};

class Collector {
  private readonly errors: ErrorText[] = [];
  private readonly others = {
    faults: [] as OtherText[],
    notes: [] as OtherText[],
    partial: [] as OtherText[],
    exits: [] as OtherText[],
  };
  private readonly renderer: Renderer;

  constructor(private readonly sources: Sources) {
    this.renderer = new Renderer(sources);
  }

  all(): Messages {
    for (const file of this.sources.files) visit(file, (node) => this.look(node));
    const { faults, notes, partial, exits } = this.others;
    return { errors: unique(this.errors), faults, notes, partial, exits, rest: this.rest() };
  }

  private look(node: ts.Node): void {
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) this.lookAtNew(node, node.expression.text);
    else if (ts.isCallExpression(node)) this.lookAtCall(node);
    else if (ts.isObjectLiteralExpression(node)) this.lookAtEntry(node);
    else if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && sentences.has(node.name.text))
      this.add("partial", node.initializer);
  }

  private lookAtNew(node: ts.NewExpression, name: string): void {
    const [first, second, third] = node.arguments ?? [];
    if (name === "VppError") this.addError(first, second, third);
    if (name === "ExitError") this.add("exits", second);
    if (name === "VppLookUpError" && second && ts.isStringLiteral(second)) this.add("exits", first);
  }

  private addError(code: ts.Expression | undefined, reason?: ts.Expression, details?: ts.Expression): void {
    for (const scope of reason ? this.renderer.scopesOf(reason) : []) {
      const isPassedOn = details !== undefined && !ts.isObjectLiteralExpression(details);
      const remedies = isPassedOn
        ? [varying]
        : remedyIn(details).flatMap((remedy) => this.renderer.texts(remedy, scope));
      for (const reasonText of this.renderer.texts(reason, scope))
        for (const remedy of remedies.length > 0 ? remedies : [""])
          for (const text of this.renderer.texts(code)) this.errors.push({ code: text, reason: reasonText, remedy });
    }
  }

  private lookAtCall(node: ts.CallExpression): void {
    const { expression, arguments: args } = node;
    if (ts.isIdentifier(expression) && ["progress", "tell"].includes(expression.text)) this.add("notes", args[0]);
    if (ts.isIdentifier(expression) && expression.text === "note" && args.length === 2) this.add("notes", args[1]);
    if (!ts.isPropertyAccessExpression(expression)) return;
    const { name, expression: receiver } = expression;
    if (name.text === "note" && args.length === 2) this.add("notes", args[1]);
    if (name.text === "say" && args.length === 3) this.add("notes", args[2]);
    if (name.text === "progress" && args.length === 1) this.add("notes", args[0]);
    const list = ts.isIdentifier(receiver) && name.text === "push" ? listsOf[receiver.text] : undefined;
    if (list !== undefined) for (const arg of args) if (!ts.isSpreadElement(arg)) this.add(list, arg);
  }

  /** A table of errors by the service's numbers has no `new` of its own for each. */
  private lookAtEntry(node: ts.ObjectLiteralExpression): void {
    const value = (name: string): ts.Expression | undefined =>
      node.properties.find(
        (each): each is ts.PropertyAssignment => ts.isPropertyAssignment(each) && each.name.getText() === name,
      )?.initializer;
    const code = value("code");
    if (code && ts.isStringLiteral(code) && value("why")) this.addError(code, value("why"), node);
  }

  private add(kind: keyof Collector["others"], expression: ts.Expression | undefined): void {
    if (expression === undefined) return;
    const file = this.sources.pathOf(expression);
    const texts = this.renderer.scopesOf(expression).flatMap((scope) => this.renderer.texts(expression, scope));
    for (const text of texts) {
      const isTold =
        wordsIn(text) >= 2 && !this.others[kind].some((other) => other.text === text && other.file === file);
      if (isTold) this.others[kind].push({ file, text });
    }
  }

  /** What no message has shown, whichever way it gets into one: so no text can be missed. */
  private rest(): OtherText[] {
    const shown = [
      ...this.errors.flatMap(({ reason, remedy }) => [reason, remedy]),
      ...Object.values(this.others).flatMap((texts) => texts.map(({ text }) => text)),
    ].join("\n");
    const found: OtherText[] = [];
    const walk = (node: ts.Node): void => {
      if (ts.isTypeNode(node)) return;
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
        const file = this.sources.pathOf(node);
        for (const text of this.renderer.texts(node))
          if (wordsIn(text) >= 3 && !shown.includes(longestPartOf(text))) found.push({ file, text });
        return;
      }
      node.forEachChild(walk);
    };
    for (const file of this.sources.files) walk(file);
    return found;
  }
}

/** The longest piece of a text that is the same in every case. */
function longestPartOf(text: string): string {
  const parts = text.split(/[…()[\]|]/).map((part) => part.trim());
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), "");
}

function remedyIn(details: ts.Expression | undefined): ts.Expression[] {
  if (details === undefined || !ts.isObjectLiteralExpression(details)) return [];
  return details.properties.flatMap((property) => {
    if (ts.isShorthandPropertyAssignment(property) && property.name.text === "remedy") return [property.name];
    const isRemedy = ts.isPropertyAssignment(property) && property.name.getText() === "remedy";
    return isRemedy ? [property.initializer] : [];
  });
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[A-Za-z]{2}/.test(word)).length;
}

function unique(errors: readonly ErrorText[]): ErrorText[] {
  const seen = new Map(errors.map((error) => [JSON.stringify(error), error]));
  return [...seen.values()];
}
