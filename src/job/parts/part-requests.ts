import { createReadStream } from "node:fs";
import type { BatchFile } from "../../batch-file/index.js";
import { replaceFile, sizeOf } from "../../files/index.js";
import { type LineTranslator, type OutgoingPart, writeServiceLine } from "../../providers/index.js";
import type { LineCatalogue } from "./line-catalogue.js";
import { readLineBytes } from "./read-part.js";

/** Where the lines of a part stand. */
export interface PartPlace {
  readonly batchFile: BatchFile;
  readonly catalogue: LineCatalogue;
}

export interface PartRequestsOptions extends PartPlace {
  readonly translator: LineTranslator;
  /** Whether requests are called by the numbers of their lines. */
  readonly isNumbered: boolean;
}

const bufferBytes = 262_144;

/** Writes the requests of a part in the service's own lines. What was written before stays: it may have been sent. */
export async function writePartRequests(
  path: string,
  lines: Uint32Array,
  { batchFile, catalogue, translator, isNumbered }: PartRequestsOptions,
): Promise<void> {
  if ((await sizeOf(path)) !== undefined) return;
  const write = async (append: (chunk: Buffer) => Promise<unknown>): Promise<void> => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    for (const line of lines) {
      const read = readLineBytes(batchFile, catalogue, line);
      const written = writeServiceLine(translator, read, isNumbered ? line : undefined);
      chunks.push(written);
      bytes += written.length;
      if (bytes < bufferBytes) continue;
      await append(Buffer.concat(chunks));
      [chunks, bytes] = [[], 0];
    }
    await append(Buffer.concat(chunks));
  };
  await replaceFile(path, (file) => write((chunk) => file.appendFile(chunk)), { mode: 0o600 });
}

/** What is sent of them. */
export async function openPartRequests(path: string): Promise<Pick<OutgoingPart, "bytes" | "read">> {
  return { bytes: (await sizeOf(path)) ?? 0, read: () => createReadStream(path) };
}
