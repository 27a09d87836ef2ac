import { withoutSecrets } from "../provider/redact";

/** Ends the command with an exit code and a message in plain words: 2 for bad usage, 1 for everything else. */
export class ExitError extends Error {
  readonly code: 1 | 2;

  constructor(code: 1 | 2, message: string) {
    super(withoutSecrets(message));
    this.name = "ExitError";
    this.code = code;
  }
}
