import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { dump, load } from "js-yaml";
import { Backend, type Deployment, writeAtomically } from "./backend";
import { UserError, unsupported } from "./errors";
import { type Crypter, openCrypter } from "./secrets";
import { mapValue, type Properties, type Value } from "./values";

/** A configuration value as programs and providers get it: always text. */
export interface Setting {
  text: string;
  secret: boolean;
}

/** A Pulumi project: its folder, the folder in which the program and the provider host run, and the program's file. */
export type Project = ReturnType<typeof findProject>;

/** Finds the project of the current folder, looking upward as the CLI does. */
function findProject() {
  let root = process.cwd();
  while (!existsSync(join(root, "Pulumi.yaml"))) {
    if (root === dirname(root)) throw new UserError(`no Pulumi.yaml project file found, here or above`);
    root = dirname(root);
  }
  type Runtime = { name?: string; options?: { typescript?: boolean } };
  type Settings = { name?: string; runtime?: string | Runtime; main?: string };
  const { name, runtime, main = "." } = load(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as Settings;
  if (!name) throw new UserError(`${join(root, "Pulumi.yaml")} has no name`);
  const { name: language, options = {} } = typeof runtime === "object" ? runtime : { name: runtime };
  if (language !== "nodejs") throw unsupported(`the runtime "${language}"`);
  const path = resolve(root, main);
  const isFile = existsSync(path) && statSync(path).isFile();
  const program = { programFolder: isFile ? dirname(path) : path, entry: isFile ? basename(path) : "." };
  return { name, root, ...program, typescript: options.typescript ?? true };
}

/** What most commands begin with: the project of the folder, the backend, the stack that is meant, its configuration. */
export class Session {
  readonly project = findProject();
  readonly backend = new Backend(this.project.name);
  private opened: Crypter | undefined;
  private loaded: { encryptionsalt?: string; config?: Properties } | undefined;

  constructor(private chosen: string | undefined) {}

  /** The name of the stack that is meant. */
  get stack(): string {
    const name = this.chosen ?? process.env.PULUMI_STACK ?? this.selection.stacks[this.backend.url];
    if (name) return name.split("/").pop()!;
    throw new UserError("no stack selected; please use `pulumi stack select` or `pulumi stack init` to choose one");
  }

  /** Turns to another stack. */
  use(stack: string): void {
    this.chosen = stack;
  }

  /** The state of the stack, which must exist. */
  read(): Deployment {
    return this.backend.read(this.stack);
  }

  /** The selected stacks by backend, in a file of the user's workspace that is shared with the CLI. */
  private get selection(): { file: string; stacks: Record<string, string | undefined> } {
    const { root, name } = this.project;
    const hash = createHash("sha1").update(join(root, "Pulumi.yaml")).digest("hex");
    const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
    const file = join(home, "workspaces", `${name}-${hash}-workspace.json`);
    const { stacks = {} } = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as { stacks?: object };
    return { file, stacks: { ...stacks } };
  }

  /** Selects a stack for later commands, or unselects it. */
  select(stack: string, on = true): void {
    const { file, stacks } = this.selection;
    if (!on && !stacks[this.backend.url]?.endsWith(`/${stack}`)) return;
    stacks[this.backend.url] = on ? `organization/${this.project.name}/${stack}` : undefined;
    writeAtomically(file, `${JSON.stringify({ stacks }, null, 4)}\n`);
  }

  /** The stack's configuration file, Pulumi.<stack>.yaml. */
  get configFile(): string {
    return join(this.project.root, `Pulumi.${this.stack}.yaml`);
  }

  private get settings(): { encryptionsalt?: string; config?: Properties } {
    const { configFile: file } = this;
    this.loaded ??= existsSync(file) ? ((load(readFileSync(file, "utf8")) as object | undefined) ?? {}) : {};
    return this.loaded;
  }

  /** The configuration by full key; the caller may change it and then `saveConfig`. */
  get config(): Properties {
    this.settings.config ??= {};
    return this.settings.config;
  }

  saveConfig(): void {
    const { encryptionsalt, config = {} } = this.settings;
    const settings = { ...(encryptionsalt && { encryptionsalt }), ...(Object.keys(config).length > 0 && { config }) };
    writeAtomically(this.configFile, dump(settings, { indent: 2, lineWidth: -1, noRefs: true }));
  }

  /** The full form of a configuration key: with the project's name before it, unless it names another. */
  fullKey(key: string): string {
    return key.includes(":") ? key.replace(":config:", ":") : `${this.project.name}:${key}`;
  }

  /** One configuration value, decrypted; objects as JSON. */
  reveal(value: Value): Setting {
    const secret = JSON.stringify(value).includes('{"secure":');
    const isEntry = (v: Value): v is { secure: string } =>
      typeof (v as { secure?: string } | null)?.secure === "string";
    const clear = mapValue(value, (v) => (secret && isEntry(v) ? this.crypter.decrypt(v.secure) : undefined));
    return { text: typeof clear === "string" ? clear : JSON.stringify(clear), secret };
  }

  /** The stack's crypter. Its salt is beside the configuration or, failing that, in the state; a new stack gets one. */
  get crypter(): Crypter {
    if (this.opened) return this.opened;
    const state = this.backend.has(this.stack) ? this.read() : {};
    this.opened = openCrypter(this.settings.encryptionsalt ?? state.secrets_providers?.state?.salt);
    if (this.settings.encryptionsalt !== this.opened.salt) {
      this.settings.encryptionsalt = this.opened.salt;
      this.saveConfig();
    }
    return this.opened;
  }
}
