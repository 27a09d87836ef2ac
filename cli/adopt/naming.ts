/** Words of the language that can't be names, and names that a program of ours uses for itself. */
const taken = new Set(
  (
    "abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default delete do else " +
    "enum eval export extends false finally for from function get if implements import in infinity instanceof interface is let module nan " +
    "namespace never new null number object of package private protected public require return set static string super switch symbol this " +
    "throw true try type typeof undefined unknown var void while with yield exports process global globalthis console buffer array map " +
    "vpp pulumi token people devices readdevices readpeople readids"
  ).split(" "),
);

const longest = 40;

/** Gives out names of which no two are the same. */
export class Names {
  private readonly used = new Set<string>();

  /** The first of these names that nobody has; if all are taken, the last one with a number. Capitals make no difference. */
  take(...wishes: readonly string[]): string {
    const isFree = (name: string): boolean => !this.used.has(name.toLowerCase());
    let name = wishes.find(isFree);
    const last = wishes.at(-1) ?? "";
    for (let number = 2; name === undefined; number++) {
      const numbered = `${last}${/\d$/.test(last) || last.includes("-") ? "-" : ""}${number}`;
      if (isFree(numbered)) name = numbered;
    }
    this.used.add(name.toLowerCase());
    return name;
  }
}

/** The words of a text in any script, in small letters: letters, marks and digits count, everything else parts words. */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKC").replace(/['’]/g, "");
  return (plain.match(/[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}]*/gu) ?? []).map((word) => word.toLowerCase());
}

/** As many whole words as fit; a first word that is too long is cut. */
function fitting(words: readonly string[], most = longest): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const word of words) {
    length += [...word].length + 1;
    if (kept.length > 0 && length > most) break;
    kept.push([...word].slice(0, most).join(""));
  }
  return kept;
}

/** A text as the name of a resource or a file: small letters and digits of any script, joined by hyphens; "" if there are none. */
export function slugOf(text: string, most = longest): string {
  return fitting(wordsOf(text), most).join("-");
}

/** A text as the name of a constant, such as `microsoftWord`; "" if nothing of it can be one. */
export function identifierOf(text: string): string {
  const words = fitting(wordsOf(text));
  const camel = words.map((word, index) => (index === 0 ? word : `${word[0]!.toUpperCase()}${word.slice(1)}`)).join("");
  const name = /^\p{Nd}/u.test(camel) ? `app${camel}` : camel;
  return /^\p{ID_Start}\p{ID_Continue}*$/u.test(name) ? name : "";
}

/** Whether a name can't be that of a constant in a program of ours. */
export function isTaken(identifier: string): boolean {
  return taken.has(identifier.toLowerCase());
}
