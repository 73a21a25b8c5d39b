import { randomUUID } from "node:crypto";
import { readSync } from "node:fs";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenbatchError, toFileError } from "../errors/index.js";
import { openBytes, toPath } from "../files/index.js";

/** A file that can be read anywhere, as often as needed. */
export interface OpenFile {
  /** Its path as it was given; "-" for standard input. */
  readonly name: string;
  /** Its size when it was opened. What is appended later is not read. */
  readonly bytes: number;
  /** Equal for two names of one file. */
  readonly identity: string;
  /** Whether {@link bytes} is what stands at the path, and not a copy of what was in it. */
  readonly isPlain: boolean;
  /** Fills a buffer from a place on with what stands at a place in the file. Gives how many bytes there were. */
  read(bytes: Buffer, at: number, place: FilePlace): number;
  close(): Promise<void>;
}

export interface FilePlace {
  readonly offset: number;
  readonly length: number;
}

export interface OpenFileOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a file for reading here and there. What can be read only once, from beginning to end (standard input, a pipe, a file
 * compressed with gzip) is first written to a temporary file that only this user can read, and that is gone when it is closed.
 */
export async function openFile(path: string | URL, options: OpenFileOptions = {}): Promise<OpenFile> {
  const name = toPath(path);
  if (name === "-") return spool({ name, identity: name }, options);
  try {
    // Looked at before it is opened: to open a pipe and close it again would break its writer.
    const found = await stat(name, { bigint: true });
    const source = { name, identity: `${found.dev}:${found.ino}` };
    if (found.isDirectory())
      throw new OpenbatchError("not_a_file", `Could not open ${name}: it is a folder.`);
    if (!found.isFile()) return await spool(source, options);
    const handle = await open(name);
    if (!(await isCompressed(handle))) return await toPlainFile(source, handle);
    await handle.close();
    return await spool(source, options);
  } catch (cause) {
    throw toFileError(cause, "open", name);
  }
}

interface Source {
  readonly name: string;
  readonly identity: string;
}

async function isCompressed(handle: FileHandle): Promise<boolean> {
  const head = Buffer.alloc(2);
  await handle.read(head, 0, 2, 0);
  return head[0] === 0x1f && head[1] === 0x8b;
}

async function toPlainFile(source: Source, handle: FileHandle): Promise<OpenFile> {
  const { size } = await handle.stat();
  const read = toRead(source, handle);
  return { ...source, bytes: size, isPlain: true, read, close: () => handle.close() };
}

async function spool(source: Source, { signal }: OpenFileOptions): Promise<OpenFile> {
  const path = join(tmpdir(), `openbatch-${randomUUID()}.jsonl`);
  const handle = await createSpool(path);
  const close = async (): Promise<void> => {
    await handle.close();
    await rm(path, { force: true });
  };
  try {
    // Gone at once where the system lets an open file be removed: then not even a killed process leaves it behind.
    await rm(path).catch(() => {});
    let bytes = 0;
    for await (const chunk of openBytes(source.name, signal === undefined ? {} : { signal })) {
      await handle.writeFile(chunk);
      bytes += chunk.length;
    }
    return { ...source, bytes, isPlain: false, read: toRead(source, handle), close };
  } catch (cause) {
    await close();
    throw toFileError(cause, "keep a copy of", source.name);
  }
}

function toRead({ name }: Source, { fd }: FileHandle): OpenFile["read"] {
  return (bytes, at, { offset, length }) => {
    try {
      let done = 0;
      for (let read = -1; done < length && read !== 0; done += read) {
        read = readSync(fd, bytes, at + done, length - done, offset + done);
      }
      return done;
    } catch (cause) {
      throw toFileError(cause, "read", name);
    }
  };
}

async function createSpool(path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx+", 0o600);
  } catch (cause) {
    throw toFileError(cause, "create", path);
  }
}
