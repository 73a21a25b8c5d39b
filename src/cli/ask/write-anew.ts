import { rm, writeFile } from "node:fs/promises";
import { toFileError } from "../../errors/index.js";

/** In the place of a link, not where it leads. */
export async function writeAnew(path: string, text: string): Promise<void> {
  try {
    await rm(path, { force: true });
    await writeFile(path, text);
  } catch (cause) {
    throw toFileError(cause, "write", path);
  }
}
