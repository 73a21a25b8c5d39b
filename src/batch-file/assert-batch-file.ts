import { statSync } from "node:fs";
import { OpenbatchError, toFileError } from "../errors/index.js";

/** @throws OpenbatchError where there is no file that can be read twice. */
export function assertBatchFile(path: string): void {
  const hint = "A run reads its batch file twice, and goes on with it after a stop: save it to a file first.";
  if (path === "-") throw new OpenbatchError("not_a_file", "Standard input cannot be read twice.", { hint });
  try {
    const stats = statSync(path);
    if (stats.isFile()) return;
    if (stats.isDirectory()) throw new OpenbatchError("not_a_file", `${path} is a folder.`);
  } catch (cause) {
    throw toFileError(cause, "open", path);
  }
  throw new OpenbatchError("not_a_file", `${path} is no regular file, and cannot be read twice.`, { hint });
}
