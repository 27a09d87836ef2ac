/** Which token keys open the same library, as far as that is known. A key of which it is not known stays its own. */
export class LibraryKeys {
  private readonly standing = new Map<string, string>();
  private readonly byLibrary = new Map<string, string>();

  /** The key that stands for all known keys of the library that `key` opens: the one of which that was known first. */
  keyOf(key: string): string {
    return this.standing.get(key) ?? key;
  }

  /** The key that stands for a library. */
  ofLibrary(libraryId: string): string | undefined {
    return this.byLibrary.get(libraryId);
  }

  /** Whether it is known which library a key opens. */
  knows(key: string): boolean {
    return this.standing.has(key);
  }

  /** Takes note of the library that a key opens. What was noted first for a key counts. */
  learn(key: string, libraryId: string): void {
    if (this.standing.has(key)) return;
    const standing = this.byLibrary.get(libraryId) ?? key;
    this.byLibrary.set(libraryId, standing);
    this.standing.set(key, standing);
  }
}
