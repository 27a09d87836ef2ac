import type { CommandLine } from "./arguments";
import { Backend, type Deployment } from "./backend";
import { UserError } from "./errors";
import { findProject, type Project, StackConfig, Workspace } from "./project";
import { Crypter } from "./secrets";

/** What most commands begin with: the project of the folder, the backend, the stack that is meant. */
export class Session {
  readonly project: Project;
  readonly backend: Backend;
  readonly workspace: Workspace;
  private chosen: string | undefined;
  private opened: Promise<Crypter> | undefined;
  private stackConfig: StackConfig | undefined;

  constructor(private readonly line: CommandLine) {
    this.project = findProject(line.value("cwd") ?? process.cwd());
    this.backend = new Backend();
    this.workspace = new Workspace(this.project, this.backend.url);
  }

  /** The name of the stack that is meant. */
  get stack(): string {
    const name = this.chosen ?? this.line.value("stack") ?? process.env.PULUMI_STACK ?? this.workspace.selected();
    if (!name)
      throw new UserError("no stack selected; please use `pulumi stack select` or `pulumi stack init` to choose one");
    return name.split("/").pop()!;
  }

  /** The configuration of the stack. */
  get config(): StackConfig {
    this.stackConfig ??= new StackConfig(this.project, this.stack);
    return this.stackConfig;
  }

  /** Turns to another stack. */
  use(stack: string): void {
    this.chosen = stack;
  }

  /** The state of the stack, if it exists. */
  private get known(): Deployment | undefined {
    return this.backend.has(this.project.name, this.stack) ? this.read() : undefined;
  }

  /** The state of the stack, which must exist. */
  read(): Deployment | undefined {
    return this.backend.read(this.project.name, this.stack);
  }

  /** The stack's crypter. Its salt is beside the configuration or, failing that, in the state; a new stack gets one. */
  crypter(): Promise<Crypter> {
    this.opened ??= (async () => {
      const salt = this.config.salt ?? this.known?.secrets_providers?.state?.salt;
      const crypter = salt ? await Crypter.open(salt) : await Crypter.create();
      if (this.config.salt === undefined) {
        this.config.salt = crypter.salt;
        this.config.save();
      }
      return crypter;
    })();
    this.opened.catch(() => undefined);
    return this.opened;
  }
}
