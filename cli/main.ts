#!/usr/bin/env node
import { withoutSecretsByLine } from "../provider/redact";
import { refuseTokens } from "./commandLine";
import { ExitError } from "./exit-error";
import { simulatorCommand } from "./simulator-command";
import { packageVersion } from "./version";

const USAGE = `Usage: pulumi-vpp COMMAND [OPTIONS]

Commands:
  status       show libraries: tokens, apps, licences, people, and what no resource declares
  report       write the same as a web page
  adopt        write a Pulumi project that declares what libraries hold now
  simulator    serve Apple's App and Book Management API on this machine

Options:
  --help       show this text, or that of a command
  --version    show the version
`;

async function main(words: readonly string[]): Promise<void> {
  const [command, ...rest] = words;
  refuseTokens(words);
  switch (command) {
    case "status":
      return (await import("./status/command")).statusCommand(rest);
    case "report":
      return (await import("./report/command")).reportCommand(rest);
    case "adopt":
      return (await import("./adopt/command")).adoptCommand(rest);
    case "simulator":
      return simulatorCommand(rest);
    case "--help":
    case "-h":
    case "help":
      process.stdout.write(USAGE);
      return;
    case "--version":
      process.stdout.write(`${packageVersion()}\n`);
      return;
    case undefined:
      throw new ExitError(2, "a command is missing; --help lists the commands");
    default:
      throw new ExitError(2, `there is no command "${command}"; --help lists the commands`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof ExitError;
  const text = known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`pulumi-vpp: ${withoutSecretsByLine(text)}\n`);
  process.exitCode = known ? error.code : 1;
});
