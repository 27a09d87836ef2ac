import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt, { type Token } from "markdown-it";
import { root } from "../support/paths";

/** One block of code on a page. */
export interface Block {
  /** The page's path from the root. */
  readonly page: string;
  /** The line of its first character, counted from 1. */
  readonly line: number;
  /** The first word after the fence, or `indented` for a block without one. */
  readonly language: string;
  /** The rest of that line: the file that the block stands for. */
  readonly file: string;
  readonly text: string;
}

/** A link or a path in code type, and the line of the paragraph in which it stands. */
export interface Reference {
  readonly line: number;
  readonly target: string;
}

/** A page as its readers have it. */
export interface Page {
  readonly path: string;
  readonly blocks: readonly Block[];
  readonly links: readonly Reference[];
  /** Texts in code type, such as names of files. */
  readonly codes: readonly Reference[];
  /** What a link can name after `#`. */
  readonly anchors: ReadonlySet<string>;
  /** Tables: rows, the heading first, of cells as they are written. */
  readonly tables: readonly (readonly (readonly string[])[])[];
}

const markdown = new MarkdownIt({ html: true });

/** Reads a page by its path from the root. */
export function readPage(path: string): Page {
  const text = readFileSync(join(root, path), "utf8");
  const tokens = markdown.parse(text, {});
  const inline = tokens.flatMap(({ type, map, children }) =>
    type === "inline" ? (children ?? []).map((child) => ({ line: (map?.[0] ?? 0) + 1, child })) : [],
  );
  return {
    path,
    blocks: tokens.filter(({ type }) => type === "fence" || type === "code_block").map((token) => blockOf(path, token)),
    links: inline.flatMap(({ line, child }) => {
      const target = child.type === "link_open" ? child.attrGet("href") : child.attrGet("src");
      return target === null ? [] : [{ line, target: decodeURI(target) }];
    }),
    codes: inline
      .filter(({ child }) => child.type === "code_inline")
      .map(({ line, child }) => ({ line, target: child.content })),
    anchors: anchorsOf(tokens),
    tables: tablesOf(tokens),
  };
}

/** The pages whose code is tested: all that users read. */
export function pagesWithCode(): string[] {
  const examples = readdirSync(join(root, "examples")).map((name) => `examples/${name}/README.md`);
  const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.map((name) => `docs/${name}`), ...examples].filter((path) =>
    existsSync(join(root, path)),
  );
}

/** Every page of the repository. */
export function allPages(folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|site|coverage|\..*)$/.test(entry.name) ? [] : allPages(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

function blockOf(page: string, { info, content, map, type }: Token): Block {
  const [language = "", ...rest] = (type === "fence" ? info : "indented").trim().split(/\s+/);
  return { page, line: (map?.[0] ?? 0) + (type === "fence" ? 2 : 1), language, file: rest.join(" "), text: content };
}

/** Headings as the usual hosts of Markdown make anchors of them: small letters, no punctuation, hyphens for spaces. */
function anchorsOf(tokens: readonly Token[]): Set<string> {
  const anchors = new Set<string>();
  tokens.forEach(({ type }, index) => {
    if (type !== "heading_open") return;
    const words = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join("");
    const plain = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-");
    let anchor = plain;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${plain}-${count}`;
    anchors.add(anchor);
  });
  return anchors;
}

function tablesOf(tokens: readonly Token[]): string[][][] {
  const tables: string[][][] = [];
  tokens.forEach(({ type }, index) => {
    if (type === "table_open") tables.push([]);
    if (type === "tr_open") tables.at(-1)!.push([]);
    if (type === "td_open" || type === "th_open")
      tables
        .at(-1)!
        .at(-1)!
        .push(tokens[index + 1]?.content ?? "");
  });
  return tables;
}
