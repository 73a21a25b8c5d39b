import { describe, expect, it } from "vitest";
import { countEmbeddingInputs, validateBody } from "../../../src/api/index.js";
import { describeParameters, problemsOf } from "../parameter-table.js";
import { rows } from "../shared-rows.js";

const url = "/v1/embeddings";
const body = { model: "text-embedding-3-small", input: "Hello" };

describeParameters(url, body, {
  model: rows.model,
  input: {
    takes: [
      "a",
      ["a"],
      Array(2048).fill("a"),
      [0, 1],
      [[1], [2, 3]],
      Array(2048).fill(7),
      [Array(8192).fill(7)],
    ],
    refuses: ["", [], [""], Array(2049).fill("a"), ["a", 1], [[]], [-1], [1.5], 1, null, {}, [null], [{}]],
  },
  dimensions: { takes: [1, 1536, null], refuses: [0, 1.5, "512"] },
  encoding_format: { takes: ["float", "base64", null], refuses: ["int8", 1] },
  user: rows.text,
});

describe("an embedding", () => {
  it.each([
    ["a text", "Hello", 1],
    ["texts", ["a", "b", "c"], 3],
    ["tokens, which are one input", [1, 2, 3], 1],
    ["lists of tokens", [[1, 2], [3]], 2],
    ["no input at all", undefined, 1],
  ])("counts %s", (_name, input, expected) => {
    expect(countEmbeddingInputs({ ...body, input })).toBe(expected);
  });

  it("says what inp is called", () => {
    const [problem] = validateBody(url, { model: "m", inp: "Hello" });
    expect(problem).toEqual({
      severity: "error",
      code: "unknown_parameter",
      path: "body.inp",
      message: 'unknown parameter "inp".',
      hint: "Here use input.",
    });
  });

  it("cannot mix texts and tokens", () => {
    expect(problemsOf(url, { ...body, input: ["a", [1]] })).toEqual(["error invalid_type body.input"]);
  });

  it("takes so many tokens in an input, and in a request", () => {
    const inputs = Array.from({ length: 300 }, () => Array(1000).fill(7));
    expect(problemsOf(url, { ...body, input: inputs })).toEqual([]);
    expect(problemsOf(url, { ...body, input: [...inputs, [7]] })).toEqual(["error invalid_value body.input"]);
    const long = { ...body, input: [[7], Array(8193).fill(7)] };
    expect(problemsOf(url, long)).toEqual(["error invalid_value body.input[1]"]);
    expect(validateBody(url, long, { target: "openbatch" })).toMatchObject([{ severity: "note" }]);
  });
});
