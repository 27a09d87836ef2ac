import { copyOf, type Program } from "./programs";

/** The programs that were run, for whoever goes back to one of them after a run that went wrong. */
export class EarlierPrograms {
  private readonly run: Program[] = [];

  note(program: Program): void {
    if (this.run.length === 0 || textOf(this.run.at(-1)!) !== textOf(program)) this.run.push(copyOf(program));
  }

  /** The last one that differs from what there is now; that itself, if there is none. Names that were given since stay given. */
  rolledBack(now: Program): Program {
    const before = this.run.findLast((each) => textOf(each) !== textOf(now));
    return before === undefined ? now : { ...copyOf(before), named: now.named };
  }
}

function textOf({ named: _, ...program }: Program): string {
  return JSON.stringify(program);
}
