/** Writes to standard output and waits until it is taken. Whoever reads may have seen enough, as `head` does: that is no error. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      process.stdout.off("error", done);
      if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") reject(error);
      else resolve();
    };
    process.stdout.on("error", done);
    process.stdout.write(text, done);
  });
}
