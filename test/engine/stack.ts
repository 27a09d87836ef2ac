import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CommandLine } from "./arguments";
import type { Deployment } from "./backend";
import { exitCodes, UserError, unsupported } from "./errors";
import { writeAtomically } from "./project";
import { STACK_TYPE } from "./resource";
import { Crypter } from "./secrets";
import type { Session } from "./session";
import { compact, openResource, Snapshot, sealResource } from "./snapshot";
import { type Properties, redact, unwrap, type Value } from "./values";

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** `pulumi stack …` */
export async function stackCommand([action, name]: string[], line: CommandLine, session: Session): Promise<void> {
  const { backend, project, workspace } = session;
  const named = (name ?? line.value("stack"))?.split("/").pop();
  switch (action) {
    case "init": {
      if (!named) throw new UserError("stack init needs the name of a stack");
      if (backend.has(project.name, named))
        throw new UserError(`stack 'organization/${project.name}/${named}' already exists`);
      workspace.select(named);
      session.use(named);
      const store = (latest: string): void => backend.write(project.name, named, latest);
      new Snapshot(undefined, await session.crypter(), store).save();
      print(`Created stack '${named}'`);
      return;
    }
    case "select": {
      if (!named) throw new UserError("stack select needs the name of a stack");
      if (!backend.has(project.name, named) && line.has("create")) return stackCommand(["init", named], line, session);
      backend.read(project.name, named);
      workspace.select(named);
      return;
    }
    case "rm":
      return removeStack(named ?? session.stack, line, session);
    case "ls":
      throw unsupported("stack ls");
    case "export":
      return exportStack(line, session);
    case "import":
      return importStack(line, session);
    case "output":
      return printOutputs(name, line, session);
    default:
      throw unsupported(`"stack ${action ?? ""}"`);
  }
}

function removeStack(stack: string, line: CommandLine, { backend, project, workspace }: Session): void {
  const resources = backend.read(project.name, stack)?.resources ?? [];
  if (!line.has("yes")) throw new UserError("non-interactive mode requires --yes flag");
  if (resources.length > 0 && !line.has("force")) {
    throw new UserError(
      `'${stack}' still has resources; removal rejected. Run \`pulumi destroy\` first, or use --force`,
    );
  }
  backend.remove(project.name, stack);
  rmSync(join(project.root, `Pulumi.${stack}.yaml`), { force: true });
  if (workspace.selected() === stack) workspace.select(undefined);
  print(`Stack '${stack}' has been removed!`);
}

async function exportStack(line: CommandLine, session: Session): Promise<void> {
  const deployment: Partial<Deployment> = session.read() ?? {};
  if (line.has("show-secrets") && deployment.resources) {
    const crypter = await session.crypter();
    deployment.resources = deployment.resources.map((r) => sealResource(openResource(r, crypter), crypter, true));
  }
  const text = JSON.stringify({ version: 3, deployment }, null, 4);
  const file = line.value("file");
  if (file) writeAtomically(file, `${text}\n`);
  else print(text);
}

async function importStack(line: CommandLine, session: Session): Promise<void> {
  const file = line.value("file");
  const content = JSON.parse(readFileSync(file ?? 0, "utf8")) as { version?: number; deployment?: Deployment };
  if (content.version !== 3 || !content.deployment) throw new UserError("the file is not a deployment of version 3");
  const deployment = content.deployment;
  const crypter = await session.crypter();
  const salt = deployment.secrets_providers?.state?.salt;
  const reader = salt && salt !== crypter.salt ? await Crypter.open(salt) : crypter;
  const resources = deployment.resources?.map((r) => compact(sealResource(openResource(r, reader), crypter)));
  for (const { urn } of resources ?? []) {
    if (!urn.startsWith(`urn:pulumi:${session.stack}::`))
      throw new UserError(`resource '${urn}' is from a different stack`);
  }
  const secrets = { type: "passphrase", state: { salt: crypter.salt } };
  session.backend.write(
    session.project.name,
    session.stack,
    JSON.stringify({ ...deployment, secrets_providers: secrets, resources }),
  );
  print("Import complete.");
}

async function readOutputs(session: Session, stack: string): Promise<Properties> {
  const deployment = session.backend.read(session.project.name, stack);
  const outputs = deployment?.resources?.find((r) => r.type === STACK_TYPE)?.outputs ?? {};
  const salt = deployment?.secrets_providers?.state?.salt;
  return salt ? (await Crypter.open(salt)).unseal(outputs) : outputs;
}

/** The outputs of another stack of this backend, for a StackReference. */
export async function stackOutputs(session: Session, name: string): Promise<Properties> {
  const [stack, project = session.project.name] = name.split("/").reverse();
  if (project !== session.project.name) throw unsupported(`a reference to the stack "${name}" of another project`);
  return readOutputs(session, stack!);
}

async function printOutputs(name: string | undefined, line: CommandLine, session: Session): Promise<void> {
  const outputs = await readOutputs(session, session.stack);
  // A single output is what somebody asks for to use it, and is shown as it is; the CLI does so too.
  const shown = line.has("show-secrets") || name !== undefined ? unwrap(outputs) : (redact(outputs) as Properties);
  const text = (value: Value): string => (typeof value === "string" ? value : JSON.stringify(value));
  if (name !== undefined) {
    const value = shown[name];
    if (value === undefined)
      throw new UserError(`current stack does not have output property '${name}'`, exitCodes.error);
    print(line.has("json") ? JSON.stringify(value, null, 2) : text(value));
  } else if (line.has("json")) {
    print(JSON.stringify(shown, null, 2));
  } else {
    const keys = Object.keys(shown).sort();
    print(keys.length === 0 ? "No output values currently in this stack" : `Current stack outputs (${keys.length}):`);
    const width = Math.max(8, ...keys.map((key) => key.length + 2));
    if (keys.length > 0) print(`    ${"OUTPUT".padEnd(width)}VALUE`);
    for (const key of keys) print(`    ${key.padEnd(width)}${text(shown[key]!)}`);
  }
}

/** `pulumi state taint URN…`: the next update replaces these resources. */
export function stateCommand([action, ...urns]: string[], session: Session): void {
  if (action !== "taint" && action !== "untaint") throw unsupported(`"state ${action ?? ""}"`);
  const deployment = session.read();
  for (const urn of urns) {
    const resource = deployment?.resources?.find((r) => r.urn === urn && !r.delete);
    if (!deployment || !resource) throw new UserError(`No such resource "${urn}" exists in the current state`);
    if (action === "taint") resource.taint = true;
    else delete resource.taint;
    session.backend.write(session.project.name, session.stack, JSON.stringify(deployment));
  }
  print(`${urns.length} resource${urns.length === 1 ? "" : "s"} ${action}ed`);
}
