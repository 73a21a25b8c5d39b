import { endianness } from "node:os";
import { isObject } from "../../api/index.js";

const bytesPerNumber = 4;

/** The vectors of an embeddings body, from numbers or from base64, in the order of the inputs. */
export function readEmbeddings({ data }: Readonly<Record<string, unknown>>): readonly Float32Array[] {
  if (!Array.isArray(data)) return [];
  const found: { readonly index: number; readonly vector: Float32Array }[] = [];
  for (const [position, item] of data.entries()) {
    const vector = isObject(item) ? toVector(item.embedding) : undefined;
    if (vector === undefined) continue;
    found.push({ index: typeof item.index === "number" ? item.index : position, vector });
  }
  return found.sort((one, other) => one.index - other.index).map(({ vector }) => vector);
}

function toVector(embedding: unknown): Float32Array | undefined {
  if (typeof embedding === "string") return decodeVector(embedding);
  const isVector = Array.isArray(embedding) && embedding.every((number) => typeof number === "number");
  return isVector ? Float32Array.from(embedding) : undefined;
}

/** `encoding_format: "base64"`: the bytes of 32-bit floats, little-endian whatever the machine. */
function decodeVector(base64: string): Float32Array | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length === 0 || bytes.length % bytesPerNumber !== 0) return undefined;
  if (endianness() === "BE") bytes.swap32();
  // A copy of its own, since small buffers share memory and may start anywhere in it.
  return new Float32Array(new Uint8Array(bytes).buffer);
}
