import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type Declared, declaredBy } from "../inventory/declared";
import { parseDeployment, type StoredResource } from "../inventory/deployment";
import { keysInConfiguration, keysInEnvironment } from "../inventory/keys";
import type { Known } from "../inventory/read";
import { readStack } from "../inventory/stack";
import { Libraries, ServiceConfigs } from "../provider/apple/library/libraries";
import { variableOf } from "../provider/apple/resources/token/check";
import { fingerprintOf } from "../provider/contentToken/credential";
import { Notes } from "../provider/engine/diagnostics";
import { type ConfigReader, Settings } from "../provider/engine/settings";
import { VppError } from "../provider/errors";
import { withoutSecrets } from "../provider/redact";
import { Progress } from "./progress";

/** The options that say which libraries a command is about, as `parseArgs` takes them. */
export const sourceOptions = {
  "token-file": { type: "string", multiple: true },
  key: { type: "string", multiple: true },
  state: { type: "string", multiple: true },
  stack: { type: "string", multiple: true },
  quiet: { type: "boolean" },
} as const;

/** What {@link sourceOptions} come to in a usage text. */
export const sourceUsage = `  --token-file FILE    a library, by the file of its content token; can be repeated
  --key KEY            a library, by its content token's key in the environment; can be repeated
  --stack NAME         the libraries of a stack of the project in this folder, and what it declares; can be repeated
  --state FILE         the same from the output of \`pulumi stack export\`; can be repeated
                       Without any of these: every content token in the environment (VPP_CONTENT_TOKEN…)
  --quiet              don't tell on standard error how far it is when that takes longer than 3 seconds
`;

/** Values of {@link sourceOptions}. */
export interface SourceValues {
  readonly "token-file"?: readonly string[];
  readonly key?: readonly string[];
  readonly state?: readonly string[];
  readonly stack?: readonly string[];
  readonly quiet?: boolean;
}

/** The libraries that a command is about, not read yet. */
export interface Sources {
  readonly libraries: Libraries;
  readonly known: readonly Known[];
  /** What the given states declare, by library; absent when no state was given. */
  readonly declared?: ReadonlyMap<string, Declared>;
  /** Ends the telling of how far it is; to be called before anything else is written. */
  readonly end: () => void;
}

/** Finds out which libraries are meant. Nothing is asked of the service; of Pulumi only where a stack is named. */
export async function openSources(values: SourceValues, env: NodeJS.ProcessEnv = process.env): Promise<Sources> {
  const progress = values.quiet === true ? undefined : new Progress();
  try {
    const end = (): void => progress?.end();
    return { ...(await find(values, env, progress)), end };
  } catch (error) {
    progress?.end();
    throw error;
  }
}

async function find(values: SourceValues, env: NodeJS.ProcessEnv, progress?: Progress): Promise<Omit<Sources, "end">> {
  const files = (values["token-file"] ?? []).map((file) => ({ key: keyOfFile(file), file }));
  const variables = files.map(({ key, file }) => [`VPP_CONTENT_TOKEN_${variableOf(key)}_FILE`, resolve(file)]);
  const notes = new Notes();
  const serviceConfigs = new ServiceConfigs();
  const opener = (config: ConfigReader): Libraries => {
    const settings = new Settings(notes, { ...env, ...(Object.fromEntries(variables) as NodeJS.ProcessEnv) });
    settings.configure(config);
    return new Libraries(settings, {
      serviceConfigs,
      ...(progress && { onReading: progress.onReading, onRequest: progress.onRequest }),
    });
  };
  const configs: ConfigReader[] = [];
  const resources: StoredResource[] = [];
  const stated: Known[] = [];
  for (const file of values.state ?? []) {
    const read = parseDeployment(await textOf(file), file);
    resources.push(...read);
    stated.push(...knownOf(read, () => opener(() => undefined)));
  }
  for (const name of values.stack ?? []) {
    const stack = await readStack(name);
    resources.push(...stack.resources);
    configs.push(stack.config);
    stated.push(...knownOf(stack.resources, () => opener(stack.config)));
  }
  const hasState = (values.state ?? values.stack) !== undefined;
  const declared = hasState ? declaredBy(resources) : undefined;
  const libraries = opener((key) => configs.map((config) => config(key)).find((value) => value !== undefined));
  const named = [...new Set([...files.map(({ key }) => key), ...(values.key ?? [])])];
  const inEnvironment = hasState ? [] : keysInEnvironment(env);
  const keys = named.length > 0 ? named : inEnvironment;
  // A stack that has deployed nothing yet has its tokens all the same.
  const configured = stated.length > 0 ? [] : configs.flatMap((config) => knownIn(config, () => opener(config)));
  const known =
    keys.length > 0 ? keys.map((contentTokenKey) => ({ contentTokenKey })) : [...onceEach(stated), ...configured];
  if (known.length === 0) {
    const why = hasState ? "the given state has no resource of this provider" : "there is no content token";
    throw new VppError("VPP_CONFIG_TOKEN_MISSING", why, {
      remedy:
        "Name the file of one with --token-file, set VPP_CONTENT_TOKEN_FILE to its path, or name the stack whose configuration has it with --stack.",
    });
  }
  return { libraries, known, ...(declared && { declared }) };
}

/**
 * The libraries of a state come by their tokens' keys; what a token opens besides is refused. Each is opened by itself: two may have the same
 * key in different stacks, and a token that is in the wrong place must not spoil the one that is right.
 */
function knownOf(resources: readonly StoredResource[], opener: () => Libraries): Known[] {
  return [...declaredBy(resources)].map(([libraryId, { tokens, refs }]) => {
    const { contentTokenKey } = tokens[0] ?? refs[0]!;
    return { contentTokenKey, libraryId, libraries: opener() };
  });
}

/** The libraries of the tokens that a stack's configuration names. */
function knownIn(config: ConfigReader, opener: () => Libraries): Known[] {
  return keysInConfiguration(config).map((contentTokenKey) => ({ contentTokenKey, libraries: opener() }));
}

/** Two stacks can share a library, for example one that binds it and one that takes its outputs. */
function onceEach(known: readonly Known[]): Known[] {
  const byLibrary = new Map<string, Known>();
  for (const each of known) if (!byLibrary.has(each.libraryId!)) byLibrary.set(each.libraryId!, each);
  return [...byLibrary.values()];
}

/** The key under which a token's file is opened: one that people recognize, and that two files of one name don't share. */
export function keyOfFile(file: string): string {
  const name = basename(withoutSecrets(file)).replace(/\.[^.]*$/, "");
  const plain = name.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return `${plain || "token"}-${fingerprintOf(resolve(file)).slice(0, 4)}`;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new VppError("VPP_INPUT_INVALID", `${file} can't be read (${(error as NodeJS.ErrnoException).code})`, {
      remedy: "Correct the path given with --state.",
    });
  }
}
