import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { OpenbatchError } from "../../errors/index.js";
import { makeFolder, RunLock } from "../../files/index.js";
import type { DiskBatchStore } from "./disk-batch-store.js";
import type { DiskFileStore } from "./disk-file-store.js";
import { isObjectId } from "./object-id.js";
import { removeFile } from "./record-folder.js";

/** The folder in which a server keeps its state: no other server may use it, and no other user may look into it. */
export interface DataFolder {
  readonly path: string;
  /** `ID.json` and `ID.data` for each file. */
  readonly files: string;
  /** `ID.json` for each batch, and `ID.input` until its end. */
  readonly batches: string;
  /** Lets another server have it. */
  readonly release: () => void;
}

/** @throws OpenbatchError `data_folder_in_use`, or why it cannot be made. */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const path = resolve(folder);
  const [files, batches] = [join(path, "files"), join(path, "batches")];
  const hint = "The server keeps its data there. Use another folder: data (--data DIR).";
  for (const each of [path, files, batches]) makeFolder(each, { mode: 0o700, hint });
  const lock = takeLock(path);
  return { path, files, batches, release: () => lock.release() };
}

function takeLock(path: string): RunLock {
  const lock = join(path, "server.lock");
  try {
    return RunLock.take(lock);
  } catch (error) {
    if (!(error instanceof OpenbatchError) || error.code !== "run_in_progress") throw error;
    throw new OpenbatchError("data_folder_in_use", `Another server uses ${path}.`, {
      hint: `Stop that server, or use another folder: data (--data DIR). If it is surely gone, remove ${lock}.`,
      cause: error,
    });
  }
}

/** Removes what a server left that was stopped while it made something: what no record names. */
export async function removeUnrecorded(
  folder: DataFolder,
  { files, batches }: { readonly files: DiskFileStore; readonly batches: DiskBatchStore },
): Promise<void> {
  const unfinished = batches.listUnfinished();
  const kept = new Set([
    ...files.listAll().map(({ id }) => `${id}.data`),
    ...unfinished.flatMap(({ outputFileId, errorFileId }) => [`${outputFileId}.data`, `${errorFileId}.data`]),
    ...unfinished.map(({ id }) => `${id}.input`),
  ]);
  for (const path of [folder.files, folder.batches]) {
    for (const name of await readdir(path)) {
      if (isLeftover(name) && !kept.has(name)) await removeFile(join(path, name));
    }
  }
}

/** What this server calls its files, but for the records. */
function isLeftover(name: string): boolean {
  const [, id = ""] = /^([^.]+)\.(?:data|input|(?:json|data)\.[0-9a-f-]{36}\.tmp)$/.exec(name) ?? [];
  return isObjectId(id);
}
