/** One command of a script: its words, without redirections and what is set for it alone. */
export type Command = readonly string[];

const keywords = new Set(["until", "while", "if", "then", "else", "do", "done", "fi", "!", "{", "}", "time"]);

/**
 * The commands of a shell script, near enough for scripts as documentation shows them: quotes, comments, lists, pipes and loops are understood.
 * What a command substitution runs is not looked at.
 */
export function commandsOf(script: string): Command[] {
  const commands: string[][] = [[]];
  for (const word of wordsOf(script)) {
    if (word === separator) commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands.map(tidy).filter((command) => command.length > 0);
}

const separator = "\n";

/** Words and separators. A word may be made of parts, some of them in quotes. */
function wordsOf(script: string): string[] {
  const part = /\$\([^)]*\)|"(?:[^"\\]|\\.)*"|'[^']*'|\\.|\d*[<>]&?\d*|[^\s;&|<>"'\\]/;
  const token = new RegExp(`#[^\\n]*|\\\\\\n|&&|\\|\\||[;&|\\n]|(?:${part.source})+`, "g");
  const words: string[] = [];
  for (const [text] of script.matchAll(token)) {
    if (text === "\\\n" || (text.startsWith("#") && text !== "#")) continue;
    words.push(/^(&&|\|\||[;&|\n])$/.test(text) ? separator : text);
  }
  return words;
}

function tidy(words: readonly string[]): string[] {
  const kept: string[] = [];
  let isTarget = false;
  for (const word of words) {
    if (isTarget) {
      isTarget = false;
      continue;
    }
    const redirection = /^\d*(?:<|>>?)(.*)$/s.exec(word);
    if (redirection) {
      isTarget = redirection[1] === "";
      continue;
    }
    if (kept.length === 0 && (keywords.has(word) || /^[A-Za-z_]\w*=/.test(word))) continue;
    kept.push(word.replace(/^(["'])(.*)\1$/s, "$2"));
  }
  return kept;
}
