import { readFile } from "node:fs/promises";
import { checkLibraryFile, LibraryFileError } from "./check";
import type { LibraryFile } from "./types";

/**
 * Reads a library file.
 *
 * @throws LibraryFileError when it cannot be read, is not JSON, or does not have the right shape.
 */
export async function readLibraryFile(path: string): Promise<LibraryFile> {
  return checkLibraryFile(await readJsonFile(path));
}

/**
 * Reads a JSON file.
 *
 * @throws LibraryFileError when it cannot be read or is not JSON.
 */
export async function readJsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new LibraryFileError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new LibraryFileError(`${path} is not valid JSON`);
  }
}
