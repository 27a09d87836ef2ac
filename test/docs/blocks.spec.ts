import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { root } from "../support/paths";
import { type Block, pagesWithCode, readPage } from "./pages";
import { type Command, commandsOf } from "./shell";

/** What is only to be read. Programs have tests of their own. */
const untested = new Set(["text", "csv", "indented"]);
const pages = pagesWithCode().map(readPage);
const blocks = pages.flatMap((page) => page.blocks);
const inLanguage = (name: string): Block[] => blocks.filter(({ language }) => language === name);
const placeOf = ({ page, line }: Block): string => `${page}, line ${line}`;

/** Commands that scripts may use besides `pulumi`, `pulumi-vpp` and `npm`. */
const usual = new Set([
  "cd",
  "cp",
  "curl",
  "echo",
  "export",
  "git",
  "kill",
  "mkdir",
  "mv",
  "node",
  "sed",
  "sleep",
  "grep",
  "wait",
]);

/** The commands of Pulumi's CLI that the documentation uses, with their options. */
const pulumi: Readonly<Record<string, readonly string[]>> = {
  cancel: ["yes"],
  "config rm": [],
  "config set": ["path", "plaintext", "secret"],
  destroy: ["run-program", "stack", "yes"],
  import: ["file", "generate-code", "protect", "stack", "yes"],
  login: ["local"],
  preview: ["diff", "expect-no-changes", "policy-pack", "policy-pack-config", "refresh", "stack"],
  refresh: ["diff", "expect-no-changes", "preview-only", "run-program", "stack", "yes"],
  "stack export": ["file", "stack"],
  "stack init": [],
  "stack output": ["json", "show-secrets", "stack"],
  "stack rm": ["force", "yes"],
  "stack select": [],
  "state delete": ["all", "force", "stack", "yes"],
  "state taint": [],
  "state unprotect": ["all", "stack", "yes"],
  up: ["policy-pack", "policy-pack-config", "refresh", "skip-preview", "stack", "target", "yes"],
};

describe("blocks of code in the documentation", () => {
  it("say in which language they are, and it is one that is tested", () => {
    const known = new Set([...untested, "ts", "sh", "json", "yaml"]);
    assert.deepEqual(blocks.filter(({ language }) => !known.has(language)).map(placeOf), []);
  });

  it("are JSON where they say so", () => {
    for (const block of inLanguage("json")) assert.doesNotThrow(() => JSON.parse(block.text), placeOf(block));
  });

  it("are YAML where they say so", () => {
    for (const block of inLanguage("yaml")) assert.equal(typeof load(block.text), "object", placeOf(block));
  });

  it("are shell scripts where they say so", function () {
    if (process.platform === "win32") this.skip();
    for (const { place, script } of scripts()) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
      assert.equal(status, 0, `${place}: ${stderr}`);
    }
  });

  it("name commands and options that there are", () => {
    const inText = pages.flatMap(({ path, codes }) =>
      codes
        .filter(({ target }) => /^(npx )?pulumi-vpp [a-z]/.test(target))
        .map(({ line, target }) => ({ place: `${path}, line ${line}`, script: target })),
    );
    const faults = [...scripts(), ...inText].flatMap(({ place, script }) =>
      commandsOf(script).flatMap((command) => faultsOf(command).map((fault) => `${place}: ${fault}`)),
    );
    assert.deepEqual(faults, []);
  }).timeout(60_000);
});

/** What is to be typed, with its place: blocks in that language, and of those that are only indented the lines that begin with a command. */
function scripts(): { place: string; script: string }[] {
  return [...inLanguage("sh"), ...inLanguage("indented")]
    .map((block) => ({ place: placeOf(block), script: block.language === "sh" ? block.text : typedIn(block.text) }))
    .filter(({ script }) => script !== "");
}

function typedIn(text: string): string {
  const isTyped = (line: string): boolean => /^(npm|npx|pulumi|pulumi-vpp|export|cd) /.test(line);
  return text.split("\n").filter(isTyped).join("\n");
}

function faultsOf([name = "", ...given]: Command): string[] {
  const words = name === "pulumi" && given[0] === "-C" ? given.slice(2) : given;
  const [first = "", second = ""] = words;
  if (/(^|\/)pulumi-vpp$/.test(name)) return ownFaults(words);
  if (name === "npx") return first === "pulumi-vpp" ? ownFaults(words.slice(1)) : [`there is no test of npx ${first}`];
  if (name === "npm") return npmFaults(words);
  if (name === "pulumi") {
    const command = [`${first} ${second}`, first].find((candidate) => candidate in pulumi);
    if (command === undefined) return [`there is no test of pulumi ${first}`];
    return optionsIn(words)
      .filter((option) => !pulumi[command]!.includes(option))
      .map((option) => `pulumi ${command} is not known to have --${option}`);
  }
  return usual.has(name) ? [] : [`there is no test of ${name}`];
}

function npmFaults([command = "", script = ""]: Command): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  if (command === "run") return script in scripts ? [] : [`package.json has no script ${script}`];
  return ["ci", "init", "install", "pack", "test"].includes(command) ? [] : [`there is no test of npm ${command}`];
}

const helps = new Map<string, string>();

/** Holds a command of ours against what its help says. */
function ownFaults([command = "", ...words]: Command): string[] {
  const main = join(root, "dist/cli/main.js");
  assert.ok(existsSync(main));
  let help = helps.get(command);
  if (help === undefined) {
    const asked = command.startsWith("-") ? [command] : [command, "--help"];
    const { status, stdout } = spawnSync(process.execPath, [main, ...asked], { encoding: "utf8" });
    help = status === 0 ? stdout : "";
    helps.set(command, help);
  }
  if (help === "") return [`there is no command pulumi-vpp ${command}`];
  const known = new Set([...help.matchAll(/--([a-z-]+)/g)].map(([, option]) => option));
  return optionsIn(words)
    .filter((option) => !known.has(option))
    .map((option) => `pulumi-vpp ${command} has no --${option}`);
}

function optionsIn(words: Command): string[] {
  return words.flatMap((word) => /^--([a-z-]+)/.exec(word)?.[1] ?? []);
}
