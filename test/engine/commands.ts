import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { type Deployment, writeAtomically } from "./backend";
import { UserError, unsupported } from "./errors";
import type { Options } from "./main";
import { compact, makeUrn, nameOf, needs, type ResourceState, STACK_TYPE } from "./resource";
import { openCrypter, seal, unseal } from "./secrets";
import type { Session } from "./session";
import { Snapshot } from "./snapshot";
import { type Properties, redact, unwrap, type Value } from "./values";

type Command = (word: string | undefined, options: Options, session: Session, ...more: string[]) => void;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const init: Command = (word, { stack }, session) => {
  const name = (word ?? stack)?.split("/").pop();
  const { backend, project } = session;
  if (!name) throw new UserError("stack init needs the name of a stack");
  if (backend.has(name)) throw new UserError(`stack 'organization/${project.name}/${name}' already exists`);
  session.use(name);
  new Snapshot({}, session.crypter, (latest) => backend.write(name, latest)).save();
  session.select(name);
  print(`Created stack '${name}'`);
};

const select: Command = (word, _, session) => {
  if (word) session.use(word);
  session.read();
  session.select(session.stack);
};

const rm: Command = (word, { yes }, session) => {
  if (word) session.use(word);
  const { backend, configFile, stack } = session;
  if (!yes) throw new UserError("non-interactive mode requires --yes flag");
  if (session.read().resources?.length)
    throw new UserError(`'${stack}' still has resources; run \`pulumi destroy\` first`);
  backend.remove(stack);
  rmSync(configFile, { force: true });
  session.select(stack, false);
  print(`Stack '${stack}' has been removed!`);
};

const exportState: Command = (_, options, session) => {
  const { resources, ...rest } = session.read();
  const { crypter } = session;
  const open = resources?.map((r) => (options["show-secrets"] ? compact(seal(unseal(r, crypter), crypter, true)) : r));
  const text = JSON.stringify({ version: 3, deployment: { ...rest, resources: open } }, null, 4);
  if (options.file) writeAtomically(options.file, `${text}\n`);
  else print(text);
};

const importState: Command = (_, { file }, { backend, crypter, stack }) => {
  type Exported = { version?: number; deployment?: Deployment };
  const { version, deployment } = JSON.parse(readFileSync(file ?? 0, "utf8")) as Exported;
  if (version !== 3 || !deployment) throw new UserError("the file is not a deployment of version 3");
  const salt = deployment.secrets_providers?.state?.salt;
  const reader = salt && salt !== crypter.salt ? openCrypter(salt) : crypter;
  const resources = deployment.resources?.map((r) => compact(seal(unseal(r, reader), crypter)));
  const stranger = resources?.find(({ urn }) => !urn.startsWith(`urn:pulumi:${stack}::`));
  if (stranger) throw new UserError(`resource '${stranger.urn}' is from a different stack`);
  const secrets = { type: "passphrase", state: { salt: crypter.salt } };
  backend.write(stack, JSON.stringify({ ...deployment, secrets_providers: secrets, resources }));
  print("Import complete.");
};

const output: Command = (name, options, session) => {
  const stack = session.read().resources?.find((r) => r.type === STACK_TYPE);
  const outputs = (stack && unseal(stack, session.crypter).outputs) ?? {};
  // A single output is what somebody asks for to use it, and is shown as it is; the CLI does so too.
  const shown: Properties = options["show-secrets"] || name ? unwrap(outputs) : redact(outputs);
  const text = (value: Value): string => (typeof value === "string" ? value : JSON.stringify(value));
  if (name && shown[name] === undefined) throw new UserError(`current stack does not have output property '${name}'`);
  if (options.json) return print(JSON.stringify(name ? shown[name] : shown, null, 2));
  if (name) return print(text(shown[name]!));
  print(`Current stack outputs (${Object.keys(shown).length}):`);
  for (const key of Object.keys(shown).sort()) print(`    ${key.padEnd(30)}  ${text(shown[key]!)}`);
};

const rename: Command = (word, _, session) => {
  const { backend, configFile, stack: old } = session;
  const name = word?.split("/").pop();
  if (!name) throw new UserError("stack rename needs the new name of the stack");
  if (backend.has(name)) throw new UserError(`a stack named ${name} already exists`);
  backend.write(name, JSON.stringify(renamed(session.read(), session.project.name, old, name)));
  backend.remove(old);
  session.use(name);
  if (existsSync(configFile)) renameSync(configFile, session.configFile);
  session.select(name);
  print(`Renamed ${old} to ${name}`);
};

/** A stack's state under another name: in every reference to a resource, and not in what the resources hold. */
function renamed(deployment: Deployment, project: string, old: string, name: string): Deployment {
  const heads: [string, string] = [`urn:pulumi:${old}::`, `urn:pulumi:${name}::`];
  const self = makeUrn(name, project, "", STACK_TYPE, `${project}-${old}`);
  const exchange = (text: string): string =>
    text.replaceAll(`"${heads[0]}`, `"${heads[1]}`).replaceAll(`"${self}"`, `"${self.slice(0, -old.length)}${name}"`);
  const turn = ({ inputs, outputs, ...rest }: ResourceState): ResourceState => ({
    ...(JSON.parse(exchange(JSON.stringify(rest))) as ResourceState),
    inputs,
    outputs,
  });
  const { resources, pending_operations: pending } = deployment;
  return {
    ...deployment,
    ...(resources && { resources: resources.map(turn) }),
    ...(pending && { pending_operations: pending.map((each) => ({ ...each, resource: turn(each.resource) })) }),
  };
}

/** The resources of the state that are named, without those that wait to be deleted. */
function named(urns: (string | undefined)[], { resources = [] }: Deployment): ResourceState[] {
  return urns.map((urn) => {
    const resource = resources.find((r) => r.urn === urn && !r.delete);
    if (!resource) throw new UserError(`No such resource "${urn}" exists in the current state`);
    return resource;
  });
}

const several = (done: string, { length }: unknown[]): void =>
  print(length === 1 ? `Resource ${done}` : `${length} resources ${done}`);

/** `state taint` and `state untaint`: whether the next run replaces these resources. */
const tainting =
  (isTainted: boolean): Command =>
  (urn, _, { backend, stack }, ...more) => {
    const deployment = backend.read(stack);
    const resources = named([urn, ...more], deployment);
    for (const resource of resources) {
      if (isTainted) resource.taint = true;
      else delete resource.taint;
    }
    backend.write(stack, JSON.stringify(deployment));
    several(isTainted ? "tainted" : "untainted", resources);
  };

/** `state delete`: forgets resources, and leaves alone what they stand for. */
const forget: Command = (urn, _, { backend, stack }, ...more) => {
  const deployment = backend.read(stack);
  const resources = named([urn, ...more], deployment);
  const left = deployment.resources!.filter((resource) => !resources.includes(resource));
  for (const { urn: gone, protect } of resources) {
    if (protect) throw new UserError(`${gone} can't be safely deleted because it is protected.`);
    const dependents = left.filter((resource) => !resource.delete && needs(resource).includes(gone));
    const list = dependents.map((resource) => `\n * "${nameOf(resource.urn)}" (${resource.urn})`).join("");
    if (list)
      throw new UserError(`${gone} can't be safely deleted because the following resources depend on it:${list}`);
  }
  backend.write(stack, JSON.stringify({ ...deployment, resources: left }));
  several("deleted", resources);
};

/** `state unprotect`: from then on these resources, or all of them, may be deleted. */
const unprotect: Command = (urn, { all }, { backend, stack }, ...more) => {
  const deployment = backend.read(stack);
  const resources = all ? (deployment.resources ?? []) : named([urn, ...more], deployment);
  for (const resource of resources) delete resource.protect;
  backend.write(stack, JSON.stringify(deployment));
  several("unprotected", resources);
};

const cancel: Command = (_, { yes }, { backend, stack }) => {
  if (!yes) throw new UserError("--yes must be passed in to proceed when running in non-interactive mode");
  backend.unlock(stack);
  print("The currently running update for this stack has been canceled!");
};

type Path = (string | number)[];

/** The steps of a path such as `a.b[0]`; the first is the key, and may hold the namespace. Without `--path`, only that. */
function pathOf(key: string | undefined, { path }: Options, session: Session): Path {
  if (!key) throw new UserError("config needs a key");
  const [first, ...rest] = path ? key.split(/\.|\[|\]\.?/).filter(Boolean) : [key];
  return [session.fullKey(first!), ...rest.map((step) => (/^\d+$/.test(step) ? Number(step) : step))];
}

/** Sets, or with undefined removes, the value at a path; containers on the way are made as the steps ask for. */
function setPath(root: Properties, [step, ...rest]: Path, value: Value | undefined): void {
  if (rest.length > 0) {
    root[step!] ??= typeof rest[0] === "number" ? [] : {};
    setPath(root[step!] as Properties, rest, value);
  } else if (value !== undefined) root[step!] = value;
  else if (Array.isArray(root)) root.splice(Number(step), 1);
  else delete root[step!];
}

const set: Command = (key, options, session, given) => {
  const text = given ?? readFileSync(0, "utf8").replace(/\n$/, "");
  // With `--path`, texts that are numbers or truth values are taken as such.
  const isPlain = options.path && /^(true|false|-?(0|[1-9]\d{0,14}))$/.test(text);
  const value = options.secret
    ? { secure: session.crypter.encrypt(text) }
    : isPlain
      ? (JSON.parse(text) as Value)
      : text;
  session.read();
  setPath(session.config, pathOf(key, options, session), value);
  session.saveConfig();
};

const get: Command = (key, options, session) => {
  const step = (at: Value | undefined, name: string | number): Value | undefined =>
    (at as Properties | undefined)?.[name];
  const value = pathOf(key, options, session).reduce(step, session.config as Value);
  if (value === undefined) throw new UserError(`configuration key '${key}' not found for stack '${session.stack}'`);
  const { text, secret } = session.reveal(value);
  print(options.json ? JSON.stringify({ value: text, secret }, null, 2) : text);
};

const unset: Command = (key, options, session) => {
  setPath(session.config, pathOf(key, options, session), undefined);
  session.saveConfig();
};

const commands: Record<string, Record<string, Command>> = {
  stack: { init, select, rename, rm, export: exportState, import: importState, output },
  config: { set, get, rm: unset },
  state: { taint: tainting(true), untaint: tainting(false), delete: forget, unprotect },
  cancel: { "": cancel },
};

/** Runs one of the commands that run no program. */
export function runCommand(
  [name = "", action = "", word, ...more]: string[],
  options: Options,
  session: Session,
): void {
  const command = commands[name]?.[action];
  if (!command) throw unsupported(`the command "${`${name} ${action}`.trim()}"`);
  command(word, options, session, ...more);
}
