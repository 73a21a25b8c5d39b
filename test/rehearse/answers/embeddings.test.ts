import fc from "fast-check";
import type { CreateEmbeddingResponse } from "openai/resources/embeddings";
import { describe, expect, it } from "vitest";
import { bodyOf, errorOf } from "../answer.js";

const url = "/v1/embeddings";
const model = "text-embedding-3-small";
const embed = (body: object) => bodyOf<CreateEmbeddingResponse>(url, { model, ...body });
const vectorsOf = (body: object) => embed(body).data.map(({ embedding }) => embedding);
const lengthOf = (vector: readonly number[] = []) => Math.hypot(...vector);

describe("embeddings", () => {
  it("have every field that the service writes", () => {
    expect(embed({ input: ["one", "two"], dimensions: 2 })).toEqual({
      object: "list",
      data: [0, 1].map((index) => ({
        object: "embedding",
        index,
        embedding: [expect.any(Number), expect.any(Number)],
      })),
      model: "rehearsal-text-embedding-3-small",
      usage: { prompt_tokens: 2, total_tokens: 2 },
    });
  });

  it.each([
    ["text-embedding-3-small", 1536],
    ["text-embedding-3-large", 3072],
    ["text-embedding-ada-002", 1536],
    ["rehearsal-text-embedding-3-large", 3072],
    ["nomic-embed-text", 1536],
  ])("of %s are unit vectors of %i dimensions", (name, dimensions) => {
    const [vector] = vectorsOf({ model: name, input: "text" });
    expect(vector).toHaveLength(dimensions);
    expect(lengthOf(vector)).toBeCloseTo(1, 6);
  });

  it("are unit vectors of whatever dimensions are asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.string({ minLength: 1 }), (dimensions, input) => {
        const [vector] = vectorsOf({ input, dimensions });
        expect(vector).toHaveLength(dimensions);
        expect(lengthOf(vector)).toBeCloseTo(1, 6);
      }),
      { numRuns: 50 },
    );
  });

  it("are the same for the same input in any request, and differ from those of any other", () => {
    const [one, two, three] = vectorsOf({ input: ["one", "two", "one"] });
    expect(three).toEqual(one);
    expect(two).not.toEqual(one);
    expect(vectorsOf({ input: "one", user: "me" })).toEqual([one]);
    expect(vectorsOf({ input: "one", model: "other" })).not.toEqual([one]);
    const cosine = one?.reduce((sum, value, index) => sum + value * (two?.[index] ?? 0), 0);
    expect(Math.abs(cosine ?? 1)).toBeLessThan(0.2);
  });

  it.each([5, 6])("in base64 are the same vectors as in numbers, with %i dimensions", (dimensions) => {
    const [numbers = []] = vectorsOf({ input: "text", dimensions });
    const [text] = vectorsOf({ input: "text", dimensions, encoding_format: "base64" });
    // What the service writes there is text, whatever the type says.
    const bytes = Buffer.from(text as unknown as string, "base64");
    expect(bytes).toHaveLength(dimensions * 4);
    numbers.forEach((number, index) => {
      expect(bytes.readFloatLE(index * 4)).toBeCloseTo(number, 6);
    });
  });

  it("take a text, texts, tokens, and lists of tokens", () => {
    expect(vectorsOf({ input: "a" })).toHaveLength(1);
    expect(vectorsOf({ input: ["a", "b"] })).toHaveLength(2);
    expect(vectorsOf({ input: [1, 2, 3] })).toHaveLength(1);
    expect(vectorsOf({ input: [[1], [2, 3]] })).toHaveLength(2);
    expect(embed({ input: [[1], [2, 3]] }).usage.total_tokens).toBe(3);
  });

  it.each(["", [], [""], [[]], [null], 5])("are refused for the input %j", (input) => {
    expect(errorOf(url, { model, input })).toMatchObject({ status: 400, param: "input" });
  });
});
