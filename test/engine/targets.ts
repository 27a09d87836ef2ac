/** The resources that `--target` and the like name; stars stand for any text. */
export class Targets {
  private readonly patterns: RegExp[];
  private readonly added = new Set<string>();

  constructor(readonly given: string[]) {
    this.patterns = given.map((text) => {
      const parts = text
        .split(/(\*\*|\*)/)
        .map((part) => (part === "**" ? ".*" : part === "*" ? "[^:]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")));
      return new RegExp(`^${parts.join("")}$`);
    });
  }

  /** True when anything was named; then only that is meant. */
  get constrained(): boolean {
    return this.patterns.length > 0;
  }

  /** Tells whether a URN was named. */
  names(urn: string): boolean {
    return this.added.has(urn) || this.patterns.some((pattern) => pattern.test(urn));
  }

  /** Names one more. */
  add(urn: string): void {
    this.added.add(urn);
  }

  /** The URNs given in full for which there is no such resource. */
  missing(urns: Iterable<string>): string[] {
    const known = new Set(urns);
    return this.given.filter((urn) => !urn.includes("*") && !known.has(urn));
  }
}
