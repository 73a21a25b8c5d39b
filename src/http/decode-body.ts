import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { TransportFailure } from "./transport.js";

const decoders: Readonly<Record<string, typeof gunzip>> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: inflate,
  br: brotliDecompress,
};

/** Stands for a system's code. */
export const encodingFailure = "CONTENT_ENCODING";

/**
 * Decodes a body that came compressed although none was asked for.
 * @param encoding in lower case.
 */
export async function decodeBody(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const decoder = decoders[encoding];
  if (decoder === undefined) {
    throw new TransportFailure(
      "connection",
      "the answer has a content-encoding that was not asked for",
      encodingFailure,
    );
  }
  try {
    return await promisify(decoder)(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new TransportFailure("too_large", `the answer is larger than ${maxBytes} bytes`);
    }
    throw new TransportFailure("connection", "the answer is compressed, and damaged", encodingFailure);
  }
}
