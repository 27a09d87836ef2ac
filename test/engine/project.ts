import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { dump, load } from "js-yaml";
import { exitCodes, UserError, unsupported } from "./errors";
import { type Crypter, isSecureEntry } from "./secrets";
import { mapValue, type Properties, type Value } from "./values";

/** A Pulumi project: the folder of its Pulumi.yaml, and the program it names. */
export interface Project {
  name: string;
  /** The folder that holds Pulumi.yaml and the stacks' configuration. */
  root: string;
  /** The folder in which the program and the provider host run. */
  programFolder: string;
  /** What to hand to the program's runner: `.`, or the name of a file. */
  entry: string;
}

/** Finds the project of a folder, looking upward as the CLI does. */
export function findProject(from: string): Project {
  for (let root = resolve(from); ; root = dirname(root)) {
    const file = join(root, "Pulumi.yaml");
    if (existsSync(file)) return readProject(root, load(readFileSync(file, "utf8")) as Properties);
    if (root === dirname(root))
      throw new UserError(`no Pulumi.yaml project file found (searching upwards from ${from})`);
  }
}

function readProject(root: string, settings: Properties): Project {
  const runtime =
    typeof settings.runtime === "object" ? (settings.runtime as Properties | null)?.name : settings.runtime;
  if (runtime !== "nodejs") throw unsupported(`the runtime ${JSON.stringify(runtime)}`);
  const main = resolve(root, typeof settings.main === "string" ? settings.main : ".");
  const isFile = existsSync(main) && statSync(main).isFile();
  if (typeof settings.name !== "string") throw new UserError(`${join(root, "Pulumi.yaml")} has no name`);
  return {
    name: settings.name,
    root,
    programFolder: isFile ? dirname(main) : main,
    entry: isFile ? basename(main) : ".",
  };
}

/** Writes a file so that a reader sees the old text or the new one, never half of it. */
export function writeAtomically(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

/** The stack that is selected for a project in this user's workspace, shared with the CLI. */
export class Workspace {
  private readonly file: string;

  constructor(
    private readonly project: Project,
    private readonly backendUrl: string,
  ) {
    const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
    const hash = createHash("sha1").update(join(project.root, "Pulumi.yaml")).digest("hex");
    this.file = join(home, "workspaces", `${project.name}-${hash}-workspace.json`);
  }

  private read(): { stack?: string; stacks?: Record<string, string> } {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, "utf8")) as { stack?: string }) : {};
  }

  /** The name of the selected stack, if there is one. */
  selected(): string | undefined {
    const settings = this.read();
    return (settings.stacks?.[this.backendUrl] ?? settings.stack)?.split("/").pop();
  }

  /** Selects a stack, or none. */
  select(stack: string | undefined): void {
    const { stacks = {}, ...others } = this.read();
    delete stacks[this.backendUrl];
    if (stack) stacks[this.backendUrl] = `organization/${this.project.name}/${stack}`;
    writeAtomically(this.file, `${JSON.stringify({ ...others, stack: undefined, stacks }, null, 4)}\n`);
  }
}

/** A configuration value as programs and providers get it: always text. */
export interface Setting {
  text: string;
  secret: boolean;
}

/** One stack's configuration file, Pulumi.<stack>.yaml. */
export class StackConfig {
  readonly file: string;
  private settings: Properties;

  constructor(
    private readonly project: Project,
    private readonly stack: string,
  ) {
    this.file = join(project.root, `Pulumi.${stack}.yaml`);
    this.settings = existsSync(this.file)
      ? ((load(readFileSync(this.file, "utf8")) as Properties | undefined) ?? {})
      : {};
  }

  /** The salt of the stack's passphrase, once one has been made. */
  get salt(): string | undefined {
    return this.settings.encryptionsalt as string | undefined;
  }

  set salt(salt: string) {
    this.settings = { encryptionsalt: salt, ...this.settings };
  }

  /** The values by full key; the caller may change them and then `save`. */
  get values(): Properties {
    this.settings.config ??= {};
    return this.settings.config as Properties;
  }

  /** The full form of a key: with the project's name before it, unless it names another. */
  key(key: string): string {
    const parts = key.split(":");
    return parts.length === 1 ? `${this.project.name}:${key}` : parts.length === 3 ? `${parts[0]}:${parts[2]}` : key;
  }

  /** Writes the file. */
  save(): void {
    const { config, ...others } = this.settings;
    const settings = config && Object.keys(config).length > 0 ? { ...others, config } : others;
    writeAtomically(this.file, dump(settings, { indent: 2, lineWidth: -1, noRefs: true }));
  }

  /** All values, decrypted, objects as JSON. */
  async read(crypter: () => Promise<Crypter>): Promise<Record<string, Setting>> {
    const result: Record<string, Setting> = {};
    for (const [key, value] of Object.entries(this.values)) {
      result[this.key(key)] = await this.reveal(value, crypter);
    }
    return result;
  }

  /** One value, decrypted. */
  async reveal(value: Value, crypter: () => Promise<Crypter>): Promise<Setting> {
    let secret = false;
    const opened = JSON.stringify(value).includes('"secure"') ? await crypter() : undefined;
    const clear = mapValue(value, (v) => {
      if (!isSecureEntry(v) || !opened) return undefined;
      secret = true;
      return opened.decrypt(v.secure);
    });
    return { text: typeof clear === "string" ? clear : JSON.stringify(clear), secret };
  }

  /** The error that the CLI gives for a key which is not there. */
  missing(key: string): UserError {
    return new UserError(`configuration key '${key}' not found for stack '${this.stack}'`, exitCodes.error);
  }
}
