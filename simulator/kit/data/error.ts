/** A data file that cannot be used, or can no longer be; the message names the file and the reason in plain words. */
export class DataFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DataFileError";
  }
}

/** The code of a system error in words for a message, such as `ENOSPC`. */
export function systemReason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown reason";
}
