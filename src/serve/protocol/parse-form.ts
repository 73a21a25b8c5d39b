import { buffer } from "node:stream/consumers";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { ApiError } from "./api-error.js";

type Part = readonly [name: string, value: string | File];

/** More than any endpoint has. */
const limits = { fields: 128, files: 64, fieldSize: 1_048_576, headerPairs: 32, headerSize: 16_384 };

/**
 * Takes a multipart form apart that was received whole.
 * @throws ApiError where it is none, or has too many parts.
 */
export async function parseForm(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    const form = new FormData();
    const parser = new Busboy({ headers: { "content-type": contentType }, limits });
    for (const [name, value] of await readParts(parser, bytes)) form.append(name, value);
    return form;
  } catch {
    // What the parser says may quote what it was given.
    throw new ApiError(400, "The multipart form could not be read, or has more than this server takes.");
  }
}

function readParts(parser: BusboyInstance, bytes: Buffer): Promise<Part[]> {
  return new Promise((resolve, reject) => {
    const parts: (Part | Promise<Part>)[] = [];
    const refuse = (): void => reject(new TypeError("The form has too much."));
    parser.on("field", (name, value, _, isTruncated) => {
      if (isTruncated) refuse();
      else parts.push([name, value]);
    });
    parser.on("file", (name, stream, filename = "file", _, type) => {
      const reading = buffer(stream).then((content): Part => [name, new File([content], filename, { type })]);
      reading.catch(reject);
      parts.push(reading);
    });
    parser.on("fieldsLimit", refuse).on("filesLimit", refuse).on("error", reject);
    parser.on("finish", () => resolve(Promise.all(parts)));
    parser.end(bytes);
  });
}
