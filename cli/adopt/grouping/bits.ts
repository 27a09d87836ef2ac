/** A set of small whole numbers, fast to compare and to take apart. */
export class Bits {
  private constructor(private readonly words: Uint32Array) {}

  /** The set of these numbers, all of them below `length`. */
  static of(length: number, members: Iterable<number> = []): Bits {
    const words = new Uint32Array(Math.ceil(length / 32));
    for (const member of members) words[member >>> 5]! |= 1 << (member & 31);
    return new Bits(words);
  }

  has(member: number): boolean {
    return (this.words[member >>> 5]! & (1 << (member & 31))) !== 0;
  }

  get isEmpty(): boolean {
    return this.words.every((word) => word === 0);
  }

  isSubsetOf(other: Bits): boolean {
    for (let at = 0; at < this.words.length; at++) if ((this.words[at]! & ~other.words[at]!) !== 0) return false;
    return true;
  }

  /** This set without the members of the other one. */
  without(other: Bits): Bits {
    return new Bits(this.words.map((word, at) => word & ~other.words[at]!));
  }

  /** The least member; -1 if there is none. */
  get first(): number {
    const at = this.words.findIndex((word) => word !== 0);
    return at < 0 ? -1 : at * 32 + 31 - Math.clz32(this.words[at]! & -this.words[at]!);
  }

  /** All members, ascending. */
  get members(): number[] {
    const found: number[] = [];
    this.words.forEach((word, at) => {
      for (let left = word; left !== 0; left &= left - 1) found.push(at * 32 + 31 - Math.clz32(left & -left));
    });
    return found;
  }

  /** How many members there are. */
  get size(): number {
    return this.members.length;
  }
}
