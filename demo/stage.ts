import { styleText } from "node:util";
import type { World } from "../test/support/world";
import type { Ended, Quickstart } from "./quickstart";
import { type SeenLibrary, tableOf } from "./table";
import { tidy } from "./tidy";

/** One step of the demo: what it shows, what a user would type for it, and what it does. */
export interface Step {
  readonly shows: string;
  readonly commands?: string;
  /** The library to show after it; the first one unless given. */
  readonly library?: string;
  /** Does the step and checks that it did what it says. */
  run(stage: Stage): Promise<void>;
}

/** A step that did not do what it says. */
export class StepFailed extends Error {}

/** Where the demo happens: runs commands, shows what they print and what the service then holds, and checks both. */
export class Stage {
  private readonly before = new Map<string | undefined, SeenLibrary>();
  private promises: string[] = [];

  constructor(
    readonly quickstart: Quickstart,
    readonly world: World,
    private readonly isFull: boolean,
    private readonly isInterrupted: () => boolean,
  ) {}

  /** Prints a line. */
  say(line = "", style?: Parameters<typeof styleText>[0]): void {
    process.stdout.write(`${style ? styleText(style, line) : line}\n`);
  }

  /** Shows a step: its line, what it prints, the table, and what has been checked. */
  async show(step: Step, place: string): Promise<void> {
    this.say();
    this.say(`${place}  ${step.shows}${step.commands ? `   $ ${step.commands}` : ""}`, "bold");
    this.promises = [];
    await step.run(this);
    await this.showTable(step.library);
    for (const promise of this.promises) this.say(`  ✓ ${promise}`, "green");
  }

  /** Shows the library as the service sees it. */
  async showTable(libraryId?: string): Promise<void> {
    const library = await this.library(libraryId);
    this.say();
    for (const line of tableOf(library, this.before.get(libraryId))) this.say(`    ${line}`, "cyan");
    this.before.set(libraryId, library);
  }

  /** Runs `pulumi`, shows the lines that matter of what it prints, and gives back all of it. */
  async pulumi(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const ended = await this.quickstart.pulumi(args, env);
    if (this.isInterrupted()) throw new StepFailed("interrupted");
    const lines = this.isFull ? ended.text.trimEnd().split("\n") : tidy(ended.text);
    for (const line of lines) this.say(`    ${line}`);
    this.say(`    (pulumi ${args[0]} ended with exit code ${ended.code})`, "dim");
    return ended;
  }

  /** Runs `pulumi` without showing anything; it must succeed. */
  async quietly(...args: string[]): Promise<void> {
    const { code, text } = await this.quickstart.pulumi(args);
    if (this.isInterrupted()) throw new StepFailed("interrupted");
    if (code !== 0) throw new StepFailed(`pulumi ${args.join(" ")} ended with exit code ${code}:\n${text}`);
  }

  /** Makes sure of something that the step says; `promise` tells it in words. */
  check(promise: string, isKept: boolean): void {
    if (!isKept) throw new StepFailed(`not so: ${promise}`);
    this.promises.push(promise);
  }

  /** The truth about a library, the first one unless named. */
  async library(libraryId?: string): Promise<SeenLibrary> {
    return (await this.world.truth(libraryId)) as SeenLibrary;
  }

  /** How many licences of an app are assigned. */
  async assigned(adamId: string): Promise<number> {
    return (await this.world.asset(adamId)).assignedCount;
  }

  /** How many requests that change something have reached the service since `forget` was called on the world. */
  async writes(): Promise<number> {
    return (await this.world.requests()).filter(({ method }) => method !== "GET").length;
  }
}
