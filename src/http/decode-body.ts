import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { TransportFailure } from "./transport.js";

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Stands for a system's code. */
export const encodingFailure = "CONTENT_ENCODING";

/** What an answer is written in; empty where its bytes are what they are. */
export function toEncoding(header: string | undefined): string {
  const encoding = header?.trim().toLowerCase() ?? "";
  return encoding === "identity" ? "" : encoding;
}

/**
 * Decodes a body that came compressed although none was asked for, while it arrives: a few bytes may stand for gigabytes.
 * @throws TransportFailure where nobody knows the encoding.
 */
export function createDecoder(encoding: string): Transform {
  const create = decoders[encoding];
  if (create !== undefined) return create();
  throw new TransportFailure(
    "connection",
    "the answer has a content-encoding that was not asked for",
    encodingFailure,
  );
}

/** A compressed body that breaks, or ends too early. */
export function damaged(): TransportFailure {
  return new TransportFailure("connection", "the answer is compressed, and damaged", encodingFailure);
}
