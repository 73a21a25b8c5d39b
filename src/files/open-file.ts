import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toFileError } from "../errors/index.js";
import { openBytes, toPath } from "./open-bytes.js";
import { openSource } from "./open-source.js";

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
  /** For other threads of this process. Valid until it is closed. */
  readonly fd: number;
  /** Fills a buffer from a place on with what stands at a place in the file. Gives how many bytes there were. */
  read(bytes: Buffer, at: number, place: FilePlace): number;
  close(): void;
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
export async function openFile(path: string | URL, { signal }: OpenFileOptions = {}): Promise<OpenFile> {
  const name = toPath(path);
  const source = await openSource(name);
  if (source.kind !== "plain")
    return spoolBytes(
      { name, identity: source.identity },
      openBytes(name, signal === undefined ? {} : { signal }),
    );
  const { fd, bytes, identity } = source;
  return {
    ...{ name, identity, bytes, fd, isPlain: true },
    read: toRead(name, fd),
    close: () => closeSync(fd),
  };
}

/** The same of a file that is open: whoever opened it closes it. */
export function toOpenFile(
  name: string,
  { fd, bytes }: { readonly fd: number; readonly bytes: number },
): OpenFile {
  return {
    ...{ name, identity: name, bytes, fd, isPlain: true },
    read: toRead(name, fd),
    close: () => undefined,
  };
}

/** Keeps what comes in a temporary file, to be read as if it stood in the file that is named. */
export async function spoolBytes(
  source: Pick<OpenFile, "name" | "identity">,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<OpenFile> {
  const { name } = source;
  const path = join(tmpdir(), `openbatch-${crypto.randomUUID()}.jsonl`);
  const fd = createSpool(path);
  const close = (): void => {
    closeSync(fd);
    rmSync(path, { force: true });
  };
  try {
    removeEarly(path);
    let bytes = 0;
    for await (const chunk of chunks) {
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
      bytes += chunk.length;
    }
    return { ...source, bytes, fd, isPlain: false, read: toRead(name, fd), close };
  } catch (cause) {
    close();
    throw toFileError(cause, "keep a copy of", name);
  }
}

/** A stretch of an open file, as if it were all of it. */
export function toStretch(file: OpenFile, start: number, end = file.bytes): OpenFile {
  const { name, identity, isPlain, fd } = file;
  return {
    ...{ name, identity, isPlain, fd, bytes: end - start },
    read: (bytes, at, { offset, length }) => file.read(bytes, at, { offset: start + offset, length }),
    close: () => file.close(),
  };
}

/** So that not even a killed process leaves it behind. Windows removes no open file: there it goes when it is closed. */
function removeEarly(path: string): void {
  try {
    rmSync(path);
  } catch {
    return;
  }
}

function toRead(name: string, fd: number): OpenFile["read"] {
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

function createSpool(path: string): number {
  try {
    return openSync(path, "wx+", 0o600);
  } catch (cause) {
    throw toFileError(cause, "create", path);
  }
}
