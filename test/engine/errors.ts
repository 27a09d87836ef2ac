import type { Properties } from "./values";

/** An error that is meant for the user: its message says all there is to say. The exit codes are the CLI's. */
export class UserError extends Error {
  exitCode = 1;
}

/** The error for what the Pulumi CLI does and this engine does not. */
export const unsupported = (what: string): UserError =>
  Object.assign(new UserError(`${what} is not supported by the local engine; use the Pulumi CLI for it`), {
    exitCode: 2,
  });

/** A failure of which the user has been told already. */
export class Reported extends Error {}

/** A create or update that failed and left the resource there all the same. */
export class InitError extends Error {
  id = "";
  properties: Properties = {};
  reasons: string[] = [];
}
