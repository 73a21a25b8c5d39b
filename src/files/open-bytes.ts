import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { OpenbatchError, toFileError } from "../errors/index.js";
import { gzipHeadBytes, isGzip } from "./gzip.js";
import { readHeadOfChunks } from "./head-of-chunks.js";

const chunkBytes = 262_144;

export interface OpenBytesOptions {
  readonly signal?: AbortSignal;
}

/**
 * Reads a file, or standard input for "-", in chunks; what is compressed with gzip is decompressed, whatever its name.
 * Throws an {@link OpenbatchError} when it cannot be read to its end, and the signal's reason when aborted.
 */
export async function* openBytes(
  path: string | URL,
  { signal }: OpenBytesOptions = {},
): AsyncGenerator<Buffer> {
  const name = toPath(path);
  const source = name === "-" ? process.stdin : await openFile(name);
  // Standard input may be silent for long.
  if (signal !== undefined) (await import("node:stream")).addAbortSignal(signal, source);
  try {
    for await (const chunk of decompress(source)) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw toReadError(cause, name);
  } finally {
    source.destroy();
  }
}

/**
 * The path of a file URL, or the path itself.
 * @throws OpenbatchError `invalid_option` for what plain JavaScript may hand over in place of one.
 */
export function toPath(path: string | URL): string {
  if (typeof path === "string" && !path.startsWith("file:")) return path;
  try {
    return fileURLToPath(path);
  } catch (cause) {
    const found =
      path === null ? "null" : typeof path === "string" || path instanceof URL ? "another URL" : typeof path;
    throw new OpenbatchError(
      "invalid_option",
      `Expected the path of a file, or its file URL, found ${found}.`,
      {
        cause,
        hint: 'Give the path itself, as in "requests.jsonl".',
      },
    );
  }
}

async function openFile(path: string) {
  try {
    const file = await open(path);
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new OpenbatchError("not_a_file", `${path} is a folder.`);
    }
    return file.createReadStream({ highWaterMark: chunkBytes });
  } catch (cause) {
    throw toFileError(cause, "open", path);
  }
}

async function* decompress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, from } = await readHeadOfChunks(source, ({ length }) => length >= gzipHeadBytes);
  if (!isGzip(head)) return yield* from(0);
  // Loaded for compressed input alone: that makes the import of openbatch faster.
  const [{ createGunzip }, { pipeline }] = await Promise.all([import("node:zlib"), import("node:stream")]);
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  pipeline(from(0), gunzip, () => {});
  yield* gunzip;
}
function toReadError(cause: unknown, name: string): unknown {
  const error = toFileError(cause, "read", name);
  if (error instanceof OpenbatchError || !isZlibError(cause)) return error;
  return new OpenbatchError(
    "unreadable_input",
    `${name} starts as gzip but cannot be decompressed to its end.`,
    { cause },
  );
}

function isZlibError(value: unknown): boolean {
  return (
    value instanceof Error && "code" in value && typeof value.code === "string" && value.code.startsWith("Z_")
  );
}
