import { resolve } from "node:path";
import { OpenbatchError } from "../../errors/index.js";
import { makeFolder } from "../../files/index.js";
import { FolderStorage } from "../../serve/index.js";

/** Opens the folder that all servers and workers share. @throws OpenbatchError where it cannot be one. */
export function openStorage(place: string): FolderStorage {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) {
    throw new OpenbatchError(
      "invalid_option",
      "storage (--storage) is the path of a folder that all machines share.",
    );
  }
  const folder = resolve(place);
  makeFolder(folder, { mode: 0o700, hint: "Files and results are kept there: storage (--storage DIR)." });
  return new FolderStorage(folder);
}
