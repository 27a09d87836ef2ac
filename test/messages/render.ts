import ts from "typescript";
import type { Sources } from "./sources";

/** What stands for a part of a message that differs from case to case. */
export const varying = "…";
const mostTexts = 60;
/** A parameter that has more single words than this for its values is shown as an ellipsis. */
const mostWords = 4;

/** What parameters stand for while a helper's text is put into its caller's. */
export type Scope = ReadonlyMap<ts.Symbol, readonly string[]>;

/**
 * Finds out what a piece of source can say: constants, helpers and the arguments of their callers are put in their places, choices between
 * words are shown as (one | another), and what only a run can know is shown as an ellipsis.
 */
export class Renderer {
  private depth = 0;

  constructor(private readonly sources: Sources) {}

  /** All texts that an expression can come to. */
  texts(node: ts.Expression | undefined, scope: Scope = new Map()): string[] {
    if (node === undefined || this.depth > 12) return [varying];
    this.depth++;
    try {
      const texts = this.of(node, scope).map((text) => text.replace(/…[…,. ]*…/g, varying));
      return [...new Set(texts)].slice(0, mostTexts);
    } finally {
      this.depth--;
    }
  }

  private of(node: ts.Expression, scope: Scope): string[] {
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node)) return this.template(node, scope);
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      return this.texts(node.expression, scope);
    if (ts.isAwaitExpression(node) || ts.isSatisfiesExpression(node)) return this.texts(node.expression, scope);
    if (ts.isConditionalExpression(node))
      return [...this.texts(node.whenTrue, scope), ...this.texts(node.whenFalse, scope)];
    if (ts.isBinaryExpression(node)) return this.binary(node, scope);
    if (ts.isIdentifier(node)) return this.identifier(node, scope);
    if (ts.isCallExpression(node)) return this.call(node, scope);
    if (ts.isElementAccessExpression(node)) return this.lookUp(node);
    return [varying];
  }

  private template(node: ts.TemplateExpression, scope: Scope): string[] {
    let texts = [node.head.text];
    for (const { expression, literal } of node.templateSpans) {
      const parts = this.texts(expression, scope);
      const choices = this.isBound(expression, scope) ? parts : [oneOf(parts)];
      texts = texts.flatMap((text) => choices.map((part) => text + part + literal.text)).slice(0, mostTexts);
    }
    return texts;
  }

  /** Whether an expression is a parameter that stands for one caller's argument; what comes of others is a choice of words. */
  private isBound(node: ts.Expression, scope: Scope): boolean {
    const symbol = ts.isIdentifier(node) ? this.sources.symbolOf(node) : undefined;
    return symbol !== undefined && scope.has(symbol);
  }

  private binary(node: ts.BinaryExpression, scope: Scope): string[] {
    const [left, right] = [this.texts(node.left, scope), this.texts(node.right, scope)];
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.PlusToken) return left.flatMap((a) => right.map((b) => a + b));
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return right;
    if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken)
      return [...left, ...right.filter((text) => text !== "")];
    return [varying];
  }

  private identifier(node: ts.Identifier, scope: Scope): string[] {
    const symbol = this.sources.symbolOf(node);
    if (symbol === undefined) return [varying];
    const bound = scope.get(symbol);
    if (bound !== undefined) return [...bound];
    const declared = symbol.valueDeclaration;
    if (declared === undefined) return [varying];
    if (ts.isVariableDeclaration(declared) && ts.isVariableDeclarationList(declared.parent)) {
      const isConstant = (declared.parent.flags & ts.NodeFlags.Const) !== 0 && ts.isIdentifier(declared.name);
      return isConstant ? this.texts(declared.initializer, scope) : [varying];
    }
    if (ts.isParameter(declared)) return this.parameter(declared);
    if (ts.isBindingElement(declared)) return this.member(declared);
    return [varying];
  }

  /** A field taken from a parameter is that of whatever object its function's callers give. */
  private member({ name, propertyName, parent }: ts.BindingElement): string[] {
    const holder = parent.parent;
    const source = ts.isVariableDeclaration(holder) ? holder.initializer : undefined;
    const symbol = source && ts.isIdentifier(source) ? this.sources.symbolOf(source) : undefined;
    const parameter = ts.isParameter(holder) ? holder : symbol?.valueDeclaration;
    if (parameter === undefined || !ts.isParameter(parameter)) return [varying];
    const field = (propertyName ?? name).getText();
    const given = this.argumentsFor(parameter).flatMap((argument) => {
      const properties = ts.isObjectLiteralExpression(argument) ? argument.properties : [];
      const own = properties.find((each) => each.name?.getText() === field);
      if (own && ts.isShorthandPropertyAssignment(own)) return this.texts(own.name);
      return own && ts.isPropertyAssignment(own) ? this.texts(own.initializer) : [varying];
    });
    return given.length > 0 ? given : [varying];
  }

  private argumentsFor(declared: ts.ParameterDeclaration): ts.Expression[] {
    const owner = declared.parent as ts.FunctionLikeDeclaration;
    const name = nameOf(owner);
    const symbol = name && this.sources.symbolOf(name);
    const calls = symbol ? this.sources.callsOf(symbol) : [];
    const index = owner.parameters.indexOf(declared);
    return calls.flatMap(({ arguments: args }) => args[index] ?? []);
  }

  /** A parameter is whatever its function's callers give. */
  private parameter(declared: ts.ParameterDeclaration): string[] {
    const given = this.argumentsFor(declared).flatMap((argument) => this.texts(argument));
    const isName = new Set(given).size > mostWords && given.every((text) => !text.includes(" "));
    return given.length > 0 && !isName ? given : [varying];
  }

  /** What the parameters of a function can be, all together: once for each of its calls; once with none where there is no call. */
  scopesOf(node: ts.Node, callersOfCallers = 1): Scope[] {
    const owner = ts.findAncestor(node, (each) => ts.isFunctionLike(each) && nameOf(each) !== undefined);
    const name = owner && nameOf(owner as ts.SignatureDeclaration);
    const symbol = name && this.sources.symbolOf(name);
    const calls = symbol ? this.sources.callsOf(symbol) : [];
    if (calls.length === 0) return [new Map()];
    const { parameters } = owner as ts.SignatureDeclaration;
    return calls.flatMap((call) => {
      const outer = callersOfCallers > 0 ? this.scopesOf(call, callersOfCallers - 1) : [new Map()];
      return outer.map((scope) => this.bound(parameters, call.arguments, scope));
    });
  }

  private bound(parameters: readonly ts.ParameterDeclaration[], args: readonly ts.Expression[], outer: Scope): Scope {
    const scope = new Map<ts.Symbol, readonly string[]>();
    for (const [index, { name, initializer }] of parameters.entries()) {
      const symbol = ts.isIdentifier(name) ? this.sources.symbolOf(name) : undefined;
      const argument = args[index];
      if (symbol === undefined) continue;
      if (argument) scope.set(symbol, this.texts(argument, outer));
      else if (initializer) scope.set(symbol, this.texts(initializer, scope));
    }
    return scope;
  }

  private call(node: ts.CallExpression, scope: Scope): string[] {
    const { expression, arguments: args } = node;
    if (ts.isPropertyAccessExpression(expression)) {
      const kept = ["trim", "trimEnd"].includes(expression.name.text);
      return kept ? this.texts(expression.expression, scope) : [varying];
    }
    const symbol = this.sources.symbolOf(expression);
    if (symbol?.name === "someOf") return [varying];
    if (symbol?.name === "plural")
      return args[2] !== undefined
        ? this.texts(args[2], scope).map((many) => `${varying} ${many}`)
        : this.texts(args[1], scope).map((noun) => (noun === varying ? `${varying} targets` : `${varying} ${noun}s`));
    const body = functionOf(symbol?.valueDeclaration);
    if (body === undefined) return [varying];
    const inner = new Map(scope);
    for (const [index, { name }] of body.parameters.entries()) {
      const parameter = this.sources.symbolOf(name);
      if (parameter && ts.isIdentifier(name)) inner.set(parameter, args[index] ? this.texts(args[index], scope) : [""]);
    }
    const texts = returnsOf(body).flatMap((returned) => this.texts(returned, inner));
    return texts.length > 0 ? texts : [varying];
  }

  /** A table of words: any of them can be meant. */
  private lookUp(node: ts.ElementAccessExpression): string[] {
    const symbol = this.sources.symbolOf(node.expression);
    const declared = symbol?.valueDeclaration;
    if (declared === undefined || !ts.isVariableDeclaration(declared) || !declared.initializer) return [varying];
    let table: ts.Expression = declared.initializer;
    while (ts.isAsExpression(table)) table = table.expression;
    if (!ts.isObjectLiteralExpression(table)) return [varying];
    return table.properties.flatMap((property) =>
      ts.isPropertyAssignment(property) ? this.texts(property.initializer) : [varying],
    );
  }
}

function nameOf(node: ts.SignatureDeclaration): ts.DeclarationName | ts.BindingName | undefined {
  return node.parent && ts.isVariableDeclaration(node.parent) ? node.parent.name : node.name;
}

function oneOf(parts: readonly string[]): string {
  const words = parts.filter((part) => part !== "");
  const text = words.join(" | ");
  if (words.length < parts.length) return `[${text}]`;
  return words.length > 1 ? `(${text})` : text;
}

function functionOf(declared: ts.Declaration | undefined): ts.FunctionLikeDeclaration | undefined {
  if (declared === undefined) return undefined;
  if (ts.isFunctionDeclaration(declared)) return declared;
  const value = ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

function returnsOf({ body }: ts.FunctionLikeDeclaration): ts.Expression[] {
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    else if (!ts.isFunctionLike(node)) node.forEachChild(walk);
  };
  walk(body);
  return found;
}
