import { existsSync } from "node:fs";
import { checkLibraryFile, LibraryFileError } from "../library-file/check";
import { readLibraryFile } from "../library-file/read";
import type { LibraryFile } from "../library-file/types";
import { CHAOS } from "./chaos";
import { COMPANY } from "./company";
import { SCHOOL } from "./school";

/** The libraries that come with the simulator, by name. People, devices and most apps in them are made up. */
export const SAMPLES: Readonly<Record<string, LibraryFile>> = { school: SCHOOL, company: COMPANY, chaos: CHAOS };

/**
 * The libraries a text means: a sample of this name, or else the file at this path. A file that is named like a sample
 * can be given as `./school`.
 *
 * @throws LibraryFileError when it is neither, or the file cannot be used.
 */
export async function findLibrary(nameOrPath: string): Promise<LibraryFile> {
  if (Object.hasOwn(SAMPLES, nameOrPath)) {
    return checkLibraryFile(SAMPLES[nameOrPath]);
  }
  if (!existsSync(nameOrPath)) {
    const names = Object.keys(SAMPLES).join(", ");
    throw new LibraryFileError(`${nameOrPath} cannot be read (ENOENT); it is no sample either (there are ${names})`);
  }
  return readLibraryFile(nameOrPath);
}
