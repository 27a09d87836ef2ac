/** Writes to standard output and waits until it is taken. Whoever reads may have seen enough, as `head` does: that is no error. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") reject(error);
      else resolve();
    };
    // The stream tells of a failure twice, to whoever wrote and to whoever listens; if nobody listens, the process ends.
    process.stdout.once("error", done);
    process.stdout.write(text, done);
  });
}
