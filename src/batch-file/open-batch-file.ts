import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenbatchError, toFileError } from "../errors/index.js";
import { openBytes } from "../files/index.js";

/** A batch file that can be read anywhere, as often as needed. */
export interface OpenedFile {
  readonly fd: number;
  readonly close: () => void;
}

/** Opens a batch file. One that is compressed with gzip is decompressed first, to a file that has no name any more. */
export async function openBatchFile(path: string, signal: AbortSignal | undefined): Promise<OpenedFile> {
  assertBatchFile(path);
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    if (isCompressed(fd)) return await decompress(path, signal);
    const opened = { fd, close: closing(fd) };
    fd = undefined;
    return opened;
  } catch (cause) {
    throw toFileError(cause, "open", path);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

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

function closing(fd: number): () => void {
  return () => closeSync(fd);
}

function isCompressed(fd: number): boolean {
  const head = Buffer.alloc(2);
  readSync(fd, head, 0, 2, 0);
  return head[0] === 0x1f && head[1] === 0x8b;
}

async function decompress(path: string, signal: AbortSignal | undefined): Promise<OpenedFile> {
  // Only its owner can enter the folder.
  const folder = mkdtempSync(join(tmpdir(), "openbatch-run-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const fd = openSync(join(folder, "requests.jsonl"), "wx+", 0o600);
    try {
      removeEarly(remove);
      for await (const chunk of openBytes(path, signal === undefined ? {} : { signal }))
        writeWhole(fd, chunk);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return {
      fd,
      close: () => {
        closeSync(fd);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** So that nothing is left when the process is killed. Windows removes no open file: there it goes at the end. */
function removeEarly(remove: () => void): void {
  try {
    remove();
  } catch {
    return;
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
