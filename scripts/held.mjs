/**
 * Tiers whose answer rests on few files. Whatever has passed once is remembered with those files' contents, and while they are as they were it
 * is not asked again: the same tests of the same code give the same answer. `npm test -- engine cli beside simulator` runs them anyway, and
 * remembers.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const memory = join(root, "test", "held.json");

/** What a tier rests on now, for `hasPassed` and `remember`. */
export function factsOf(name, cliFolder) {
  const node = process.version;
  if (name === "simulator") return { node, simulator: simulatorHash() };
  const engine = engineHash();
  return name === "engine" ? { node, engine } : { cli: versionOf(cliFolder), node, engine };
}

/** Whether all of a tier has passed on the same. */
export function hasPassed(name, facts) {
  return isDeepStrictEqual(read(memory)[name], facts);
}

/** Remembers that all of a tier has passed. */
export function remember(name, facts) {
  writeFileSync(memory, `${JSON.stringify({ ...read(memory), [name]: facts }, null, 2)}\n`);
}

function versionOf(folder) {
  return spawnSync(join(folder, "pulumi"), ["version"], { encoding: "utf8" }).stdout.trim();
}

/** The provider's code is only what the engines carry. */
function engineHash() {
  const hash = createHash("sha256");
  for (const folder of ["test/engine", "test/unit/engine"])
    for (const file of filesIn(folder))
      if (/\.(ts|js|mjs)$/.test(file)) hash.update(file).update(readFileSync(join(root, folder, file)));
  for (const name of ["@pulumi/pulumi", "@grpc/grpc-js"])
    hash.update(read(join(root, "node_modules", name, "package.json")).version);
  return hash.digest("hex");
}

/** The simulator and its tests, each of their files, whatever else these import, the packages, and what compiles and runs it all. */
function simulatorHash() {
  const files = new Set(["tsconfig.json", ".mocharc.json"]);
  const packages = new Set(["typescript", "mocha"]);
  for (const folder of ["simulator", "test/unit/simulator"])
    for (const file of filesIn(folder)) files.add(`${folder}/${file}`);
  // What is added in the loop is looked through as well.
  for (const file of files)
    for (const name of importsOf(file)) {
      const found = name.startsWith(".") ? sourceOf(file, name) : undefined;
      if (found !== undefined) files.add(found);
      else if (!name.startsWith(".")) packages.add(name);
    }
  const hash = createHash("sha256");
  for (const file of [...files].sort()) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  for (const line of lockedWith(packages)) hash.update(`${line}\n`);
  return hash.digest("hex");
}

/** The files of a folder and those below it, in the same order on every machine. */
function filesIn(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** What a source file imports: paths as they stand there, and names of packages. */
function importsOf(file) {
  if (!/\.[cm]?[jt]s$/.test(file)) return [];
  const text = readFileSync(join(root, file), "utf8");
  const names = [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*"([^"\n]+)"/g)].map(([, name]) => name);
  return names.flatMap((name) => {
    if (name.startsWith(".")) return [name];
    const packageName = /^(@[^/]+\/)?[^/]+/.exec(name)[0];
    return name.startsWith("node:") || builtinModules.includes(packageName) ? [] : [packageName];
  });
}

function sourceOf(file, path) {
  const base = resolve(root, dirname(file), path);
  const found = [`${base}.ts`, join(base, "index.ts"), base].find((each) => existsSync(each) && /\.\w+$/.test(each));
  return found === undefined ? undefined : relative(root, found).split(sep).join("/");
}

/** The exact packages that the lock file gives for these names, with all that they need themselves. */
function lockedWith(names) {
  const { packages } = read(join(root, "package-lock.json"));
  const seen = new Map();
  const visit = (name, from) => {
    const own = `${from}/node_modules/${name}`;
    const key = from !== "" && own in packages ? own : `node_modules/${name}`;
    const entry = packages[key];
    if (entry === undefined || seen.has(key)) return;
    seen.set(key, `${key} ${entry.version} ${entry.integrity}`);
    for (const needed of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) visit(needed, key);
  };
  for (const name of names) visit(name, "");
  return [...seen.values()].sort();
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}
