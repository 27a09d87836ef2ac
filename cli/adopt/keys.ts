import { isAbsolute, resolve } from "node:path";
import { variableOf } from "../../provider/apple/resources/token/check";
import { keyOfFile } from "../sources";
import { slugOf } from "./naming";

/** Where a library's content token is found: the key in the program, and the command that puts the token in place, if one is needed. */
export interface TokenPlace {
  readonly contentTokenKey: string;
  /** The variable of the environment that holds the token or its path. */
  readonly variable: string;
  readonly command?: string;
}

/** What was opened: the key it was read under, and what people call it. */
export interface OpenedLibrary {
  readonly contentTokenKey: string;
  readonly title: string;
}

/**
 * The keys for a project's programs. Tokens of the environment keep theirs, so that they are found as they are; those of files get one that says
 * which library it is, or none if there is one library only.
 */
export function tokenPlaces(
  opened: readonly OpenedLibrary[],
  tokenFiles: readonly string[],
  env: NodeJS.ProcessEnv,
): TokenPlace[] {
  const fileOf = new Map(tokenFiles.map((file) => [keyOfFile(file), resolve(file)]));
  const used = new Set(
    opened
      .filter(({ contentTokenKey }) => !fileOf.has(contentTokenKey))
      .map((each) => variableOf(each.contentTokenKey)),
  );
  return opened.map(({ contentTokenKey: key, title }, index) => {
    const file = fileOf.get(key);
    if (file === undefined) return inEnvironment(key, env);
    const isOnly = opened.length === 1 && !env.VPP_CONTENT_TOKEN;
    const chosen = isOnly ? "default" : freeKey(title, index, used);
    const variable = `${variableFor(chosen)}_FILE`;
    return { contentTokenKey: chosen, variable, command: `export ${variable}=${shellQuoted(file)}` };
  });
}

/** A relative path in the environment counts from where a command runs, which is about to change. */
function inEnvironment(key: string, env: NodeJS.ProcessEnv): TokenPlace {
  const variable = variableFor(key);
  if (env[variable]) return { contentTokenKey: key, variable };
  const path = env[`${variable}_FILE`] ?? "";
  const isFixed = path === "" || isAbsolute(path);
  return {
    contentTokenKey: key,
    variable: `${variable}_FILE`,
    ...(!isFixed && { command: `export ${variable}_FILE=${shellQuoted(resolve(path))}` }),
  };
}

function variableFor(key: string): string {
  return key === "default" ? "VPP_CONTENT_TOKEN" : `VPP_CONTENT_TOKEN_${variableOf(key)}`;
}

function freeKey(title: string, index: number, used: Set<string>): string {
  const slug = slugOf(title);
  const isPlain = /^[a-z0-9-]{1,60}$/.test(slug) && slug !== "default" && !/(^|-)file$/.test(slug);
  let key = isPlain ? slug : `library-${index + 1}`;
  for (let number = 2; used.has(variableOf(key)); number++)
    key = `${isPlain ? slug : `library-${index + 1}`}-${number}`;
  used.add(variableOf(key));
  return key;
}

/** A text as one word of a shell. */
export function shellQuoted(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
