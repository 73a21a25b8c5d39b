import { endianness } from "node:os";
import { isObject } from "../../api/index.js";
import { countOf } from "../../errors/index.js";
import { type AnswerParts, type AskedItems, noParts } from "./answer-parts.js";
import { type AnswerProblem, toProblem } from "./answer-problem.js";

type Vectors = readonly (Float32Array | undefined)[];

const bytesPerNumber = 4;

/**
 * The vectors of an embeddings body, from numbers or from base64, each at the place of its input: what is missing or cannot be
 * used leaves a hole, and moves nothing.
 */
export function readEmbeddingParts(
  { data }: Readonly<Record<string, unknown>>,
  asked: AskedItems | undefined,
): AnswerParts {
  const items: readonly unknown[] = Array.isArray(data) ? data : [];
  if (items.length === 0) return { ...noParts, isEmpty: true };
  const places = toPlaces(items);
  const count = asked?.count ?? Math.max(...(places ?? items.keys())) + 1;
  // Holes of the array itself, over which `map` and `forEach` step.
  const embeddings = new Array<Float32Array | undefined>(Math.min(count, maxCount));
  if (places === undefined && items.length !== count)
    return { ...noParts, embeddings, problem: toCountProblem(items.length, count) };
  let problem: AnswerProblem | undefined;
  for (const [position, item] of items.entries()) {
    const place = places?.[position] ?? position;
    const vector = isObject(item) ? toVector(item.embedding) : undefined;
    if (place >= embeddings.length || embeddings[place] !== undefined)
      problem ??= toPlaceProblem(place, count);
    else if (vector !== undefined) embeddings[place] = vector;
  }
  return { ...noParts, embeddings, problem: problem ?? findFault(embeddings, asked?.dimensions) };
}

/** More inputs than any service takes in one request: an `index` does not decide over memory. */
const maxCount = 100_000;

/** `undefined` where the order is that of the inputs: some servers write no `index`, or 0 for each. */
function toPlaces(items: readonly unknown[]): readonly number[] | undefined {
  const written = items.map((item) => (isObject(item) ? item.index : undefined));
  const isOrdered =
    written.every((index) => index === undefined || index === null) || written.every((index) => index === 0);
  // A single vector with the index 0 is where it says.
  if (isOrdered && !(items.length === 1 && written[0] === 0)) return undefined;
  return written.map((index) => (isIndex(index) ? index : maxCount));
}

function isIndex(index: unknown): index is number {
  return typeof index === "number" && Number.isInteger(index) && index >= 0 && index < maxCount;
}

/** Nothing tells whose they are. */
function toCountProblem(found: number, count: number): AnswerProblem {
  const message = `The request has ${countOf(count, "input")}; the answer holds ${countOf(found, "vector")}, without an index that tells whose they are.`;
  return toProblem("mismatched_answer", "body.data", message);
}

function toPlaceProblem(place: number, count: number): AnswerProblem {
  const message =
    place < count
      ? `Two vectors have the index ${place}.`
      : `The request has ${countOf(count, "input")}, and a vector has another index than those.`;
  return toProblem("mismatched_answer", "body.data", message);
}

/** Vectors of one answer have one length, the one that was asked for. */
function findFault(vectors: Vectors, dimensions: number | undefined): AnswerProblem | undefined {
  const length = dimensions ?? vectors.find((vector) => vector !== undefined)?.length;
  for (const [input, vector] of vectors.entries()) {
    const path = `embeddings[${input}]`;
    if (vector === undefined) {
      const message = `Input ${input} has no vector that can be used: it is missing, or holds what is no number.`;
      return toProblem("mismatched_answer", path, message);
    }
    if (vector.length === length) continue;
    const expected = dimensions === undefined ? `another has ${length}` : `${length} were asked for`;
    const found = countOf(vector.length, "dimension");
    return toProblem("mismatched_answer", path, `The vector has ${found}; ${expected}.`);
  }
  return undefined;
}

function toVector(embedding: unknown): Float32Array | undefined {
  if (typeof embedding === "string") return decodeVector(embedding);
  // Whoever reads a line of a known shape has read the numbers into floats.
  if (embedding instanceof Float32Array) return embedding;
  if (!Array.isArray(embedding) || embedding.length === 0) return undefined;
  const vector = new Float32Array(embedding.length);
  for (const [position, number] of embedding.entries()) {
    // What is too large for 32 bits would be infinite.
    if (typeof number !== "number" || !Number.isFinite(Math.fround(number))) return undefined;
    vector[position] = number;
  }
  return vector;
}

/** `encoding_format: "base64"`: the bytes of 32-bit floats, little-endian whatever the machine. */
function decodeVector(base64: string): Float32Array | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length === 0 || bytes.length % bytesPerNumber !== 0) return undefined;
  if (endianness() === "BE") bytes.swap32();
  // A copy of its own, since small buffers share memory and may start anywhere in it.
  const vector = new Float32Array(new Uint8Array(bytes).buffer);
  return vector.every(Number.isFinite) ? vector : undefined;
}
