import { type CommandLine, parseArguments } from "./arguments";
import { exitCodes, UserError, unsupported } from "./errors";
import { VERSION } from "./snapshot";

const banner = "local engine: for trying and testing only; this is not the Pulumi CLI (see test/engine/README.md)";

async function run(line: CommandLine): Promise<number> {
  const [command, ...rest] = line.words;
  if (command === "version") {
    process.stdout.write(`v${VERSION}\n`);
    return 0;
  }
  if (line.value("cwd")) process.chdir(line.value("cwd")!);
  const { Session } = await import("./session");
  switch (command) {
    case "preview":
    case "up":
    case "update":
    case "refresh":
    case "destroy": {
      const { deploy } = await import("./deploy");
      return deploy(command === "update" ? "up" : command, line, new Session(line));
    }
    case "stack":
      await (await import("./stack")).stackCommand(rest, line, new Session(line));
      return 0;
    case "state":
      (await import("./stack")).stateCommand(rest, new Session(line));
      return 0;
    case "config":
      await (await import("./configuration")).configCommand(rest, line, new Session(line));
      return 0;
    case "cancel": {
      const session = new Session(line);
      if (!line.has("yes"))
        throw new UserError("--yes must be passed in to proceed when running in non-interactive mode");
      session.backend.unlock(session.project.name, session.stack);
      process.stdout.write("The currently running update for this stack has been canceled!\n");
      return 0;
    }
    default:
      throw unsupported(command ? `the command "${command}"` : "being called without a command");
  }
}

async function main(): Promise<void> {
  process.stderr.write(`${banner}\n`);
  try {
    process.exitCode = await run(parseArguments(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(
      `error: ${error instanceof UserError ? error.message : ((error as Error).stack ?? String(error))}\n`,
    );
    process.exitCode = error instanceof UserError ? error.exitCode : exitCodes.error;
  }
}

void main();
