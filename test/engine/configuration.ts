import { readFileSync } from "node:fs";
import type { CommandLine } from "./arguments";
import { UserError, unsupported } from "./errors";
import type { Session } from "./session";
import { getPath, parsePath, setPath, type Value } from "./values";

/** `pulumi config …` */
export async function configCommand(
  [action, key, given]: string[],
  line: CommandLine,
  session: Session,
): Promise<void> {
  if (!["set", "get", "rm"].includes(action ?? "")) throw unsupported(`"config ${action ?? ""}"`);
  if (!key) throw new UserError(`config ${action} needs a key`);
  const { config } = session;
  session.read();
  const path = line.has("path") ? splitKey(key, (k) => config.key(k)) : [config.key(key)];
  if (action === "set") {
    const text = given ?? readFileSync(0, "utf8").replace(/\n$/, "");
    const value: Value = line.has("secret")
      ? { secure: (await session.crypter()).encrypt(text) }
      : line.has("path")
        ? guess(text)
        : text;
    setPath(config.values, path, value);
    config.save();
  } else if (action === "rm") {
    setPath(config.values, path, undefined);
    config.save();
  } else {
    const value = getPath(config.values, path);
    if (value === undefined) throw config.missing(key);
    const { text, secret } = await config.reveal(value, () => session.crypter());
    const output = line.has("json") ? JSON.stringify({ value: text, secret }, null, 2) : text;
    process.stdout.write(`${output}\n`);
  }
}

/** With `--path`, the first step of the path is the key, and may hold the namespace. */
function splitKey(key: string, full: (key: string) => string): (string | number)[] {
  const [first, ...rest] = parsePath(key);
  return [full(String(first)), ...rest];
}

/** With `--path`, texts that are numbers or truth values are taken as such. */
function guess(text: string): Value {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}
