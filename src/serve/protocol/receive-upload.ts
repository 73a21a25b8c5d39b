import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { OpenbatchError } from "../../errors/index.js";
import { ApiError, missingParameter } from "./api-error.js";

export interface Upload {
  /** As the uploader named it, without folders. */
  readonly filename: string;
  readonly bytes: number;
  /** The fields of the form beside the file. */
  readonly fields: ReadonlyMap<string, string>;
}

export interface UploadLimits {
  readonly maxBytes: number;
  /** How long an uploader may send nothing, in milliseconds. */
  readonly idleMs: number;
}

/** Where the file of an upload goes. */
export interface UploadPlace {
  /** Takes it. Gives how many bytes came. Where that fails, nothing is left. */
  readonly receive: (content: Readable, signal: AbortSignal) => Promise<number>;
  readonly discard: () => Promise<void>;
}

/**
 * Streams the `file` of a multipart form to a place, where nothing is left if anything fails.
 * @throws ApiError where the form is not one that the service takes.
 */
export async function receiveUpload(
  incoming: IncomingMessage,
  place: UploadPlace,
  limits: UploadLimits,
): Promise<Upload> {
  try {
    return await readForm(incoming, place, limits);
  } catch (error) {
    await place.discard();
    if (error instanceof ApiError || error instanceof OpenbatchError) throw error;
    // What the parser says may quote what it was given.
    throw malformedForm();
  }
}

async function readForm(
  incoming: IncomingMessage,
  place: UploadPlace,
  limits: UploadLimits,
): Promise<Upload> {
  const parser = createParser(incoming, limits);
  const fields = new Map<string, string>();
  const stop = new AbortController();
  let writing: Promise<Omit<Upload, "fields">> | undefined;
  parser.on("field", (name, value) => void fields.set(name, value));
  const whole = new Promise<void>((resolve, reject) => {
    parser.on("file", (name, stream, filename) => {
      if (name !== "file" || writing !== undefined || !isName(filename)) return void stream.resume();
      stream.once("limit", () => stream.destroy(tooLarge(limits.maxBytes)));
      // Whoever receives it may not have begun to read. Where that one fails, as on a full disk, it ends the stream, and then says why.
      stream.once("error", (error) => error instanceof ApiError && reject(error));
      writing = place.receive(stream, stop.signal).then((bytes) => ({ filename, bytes }));
      writing.catch(reject);
    });
    parser.on("finish", resolve);
    parser.on("error", reject);
    incoming.once("close", () => incoming.complete || reject(malformedForm()));
  });
  const stopWatching = watchForSilence(incoming, limits.idleMs);
  const size = watchSize(incoming, limits.maxBytes);
  const stopFeeding = feed(parser, incoming);
  try {
    await Promise.race([whole, size.exceeded]);
    const file = await writing;
    if (file === undefined) throw missingParameter("file");
    return { ...file, fields };
  } finally {
    stopWatching();
    size.stopWatching();
    stopFeeding();
    stop.abort();
    await writing?.catch(() => undefined);
  }
}

/**
 * A form comes in pieces of some kilobytes, each of which goes through five streams to the disk: many together take two thirds of that.
 * Gives what stops it.
 */
function feed(parser: BusboyInstance, incoming: IncomingMessage): () => void {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (bytes > 0 && !parser.write(Buffer.concat(pieces, bytes))) incoming.pause();
    [pieces, bytes] = [[], 0];
  };
  const onData = (piece: Buffer): void => {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= chunkBytes) flush();
  };
  const onEnd = (): void => {
    flush();
    parser.end();
  };
  const onDrain = (): void => void incoming.resume();
  incoming.on("data", onData).on("end", onEnd);
  parser.on("drain", onDrain);
  return () => {
    incoming.off("data", onData).off("end", onEnd).pause();
    parser.off("drain", onDrain);
  };
}

/** How much is taken apart at once. */
const chunkBytes = 262_144;

function createParser(incoming: IncomingMessage, { maxBytes }: UploadLimits): BusboyInstance {
  const type = incoming.headers["content-type"] ?? "";
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new ApiError(400, "Invalid Content-Type header: expected multipart/form-data.");
  }
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes + mostBytesAroundFile)
    throw tooLarge(maxBytes);
  try {
    return new Busboy({
      headers: { ...incoming.headers, "content-type": type },
      fileHwm: chunkBytes,
      limits: {
        fileSize: maxBytes,
        files: 4,
        fields: 32,
        fieldSize: 4096,
        headerPairs: 32,
        headerSize: 16_384,
      },
    });
  } catch {
    throw malformedForm();
  }
}

/** What a form may hold beside its file. */
const mostBytesAroundFile = 262_144;

/** Ends a connection whose uploader has fallen silent. Gives what stops watching. */
function watchForSilence(incoming: IncomingMessage, idleMs: number): () => void {
  const { socket } = incoming;
  const end = (): void => void socket.destroy();
  socket.setTimeout(idleMs, end);
  return () => {
    socket.setTimeout(0);
    socket.off("timeout", end);
  };
}

/** A form that does not tell its length may go on for ever beside its file. */
function watchSize(
  incoming: IncomingMessage,
  maxBytes: number,
): { readonly exceeded: Promise<never>; readonly stopWatching: () => void } {
  let onChunk = (_chunk: Buffer): void => undefined;
  let bytes = 0;
  const exceeded = new Promise<never>((_, reject) => {
    onChunk = ({ length }) => {
      bytes += length;
      if (bytes > maxBytes + mostBytesAroundFile) reject(tooLarge(maxBytes));
    };
  });
  incoming.on("data", onChunk);
  return { exceeded, stopWatching: () => void incoming.off("data", onChunk) };
}

/** Without one the part is no file: so a form sends that of which nothing was chosen. */
function isName(filename: string | undefined): filename is string {
  return filename !== undefined && !/^\.{0,2}$/.test(filename);
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError(413, `The file is larger than the ${maxBytes} bytes that this server takes.`, {
    param: "file",
    code: "file_too_large",
  });
}

function malformedForm(): ApiError {
  return new ApiError(400, "The multipart form could not be read to its end.");
}
