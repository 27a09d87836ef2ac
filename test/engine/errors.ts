/** The exit codes of the Pulumi CLI that the engine uses. */
export const exitCodes = {
  error: 1,
  unsupported: 2,
  resource: 4,
  stackNotFound: 6,
  noChanges: 7,
  cancelled: 8,
} as const;

/** An error that is meant for the user: its message says all there is to say. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = exitCodes.error,
  ) {
    super(message);
  }
}

/** Something that the Pulumi CLI does and this engine does not. */
export function unsupported(what: string): UserError {
  return new UserError(
    `${what} is not supported by the local engine; use the Pulumi CLI for it`,
    exitCodes.unsupported,
  );
}
