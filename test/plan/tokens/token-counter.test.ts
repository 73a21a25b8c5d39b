import { describe, expect, test } from "vitest";
import { encodingOf } from "../../../src/plan/tokens/encoding-of.js";
import { listRuns } from "../../../src/plan/tokens/list-runs.js";
import { TokenCounter } from "../../../src/plan/tokens/token-counter.js";

const chat = "/v1/chat/completions";
const asking = (content: unknown, more: object = {}) => ({ messages: [{ role: "user", content }], ...more });

test.each([
  ["", []],
  ["a few words and a\nline", []],
  ["x".repeat(399), []],
  ["x".repeat(1_000), [400, 800]],
  [`${"\u3000 ".repeat(300)}x`, [400]],
  [`word ${"掃".repeat(450)}`, [405]],
])("a text is cut only within runs that are too long: %j", (text, ends) => {
  expect(listRuns(text)).toEqual(ends);
});

test("what separates runs is what a regular expression takes for white space", () => {
  for (let code = 0; code < 65_536; code += 1) {
    const character = String.fromCharCode(code);
    const isCut = listRuns(`${" ".repeat(200)}${character}${" ".repeat(199)}`).length === 1;
    expect([code, isCut]).toEqual([code, /\s/.test(character)]);
  }
});

describe("TokenCounter", () => {
  const counter = new TokenCounter();

  test("counts the names and texts of a schema that is nested too deep to be written", () => {
    const schema = JSON.parse(`${'{"wonderful":'.repeat(50_000)}"end"${"}".repeat(50_000)}`);
    const count = counter.count(chat, "gpt-4o", asking("Hi.", { tools: [schema] }));
    expect(count.isExact).toBe(false);
    expect(count.input).toBeGreaterThan(50_000);
  });

  test("counts with the encoding of the model", () => {
    const { input, isExact } = counter.count("/v1/embeddings", "text-embedding-3-small", {
      input: ["Hello world", "Hello"],
    });
    expect([input, isExact]).toEqual([3, true]);
    expect(counter.count("/v1/embeddings", "text-embedding-3-small", { input: [[1, 2, 3], [4]] }).input).toBe(
      4,
    );
  });

  test("takes what looks like a special token for text", () => {
    expect(counter.count(chat, "gpt-4o", asking("<|endoftext|>")).input).toBeGreaterThan(7);
  });

  test.each([
    ["spaces", " ".repeat(100_000)],
    ["one letter", "a".repeat(100_000)],
    ["a long word among short ones", `Hello ${"ab1".repeat(30_000)} world`],
  ])("does not hang on %s", (_name, text) => {
    const { input } = counter.count(chat, "gpt-4o", asking(text));
    expect(input).toBeGreaterThan(100);
    expect(input).toBeLessThan(100_000);
  });

  test("marks what no text shows as estimated", () => {
    const url = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
    const exact = counter.count(chat, "gpt-4o", asking([{ type: "text", text: "Hello" }]));
    const pictured = counter.count(chat, "gpt-4o", asking([{ type: "text", text: "Hello" }, url]));
    expect([exact.isExact, pictured.isExact]).toEqual([true, false]);
    expect(pictured.input - exact.input).toBe(765);
    const tools = [{ type: "function", function: { name: "look" } }];
    expect(counter.count(chat, "gpt-4o", asking("Hello", { tools })).isExact).toBe(false);
  });

  test("knows the most that an answer may have", () => {
    const most = (body: object, endpoint: Parameters<TokenCounter["count"]>[0] = chat) =>
      counter.count(endpoint, "gpt-4o", { ...body }).outputAtMost;
    expect(most(asking("x", { max_tokens: 5, n: 3 }))).toBe(15);
    expect(most(asking("x"))).toBeUndefined();
    expect(most({ input: "x", max_output_tokens: 20 }, "/v1/responses")).toBe(20);
    expect(most({ input: "x" }, "/v1/embeddings")).toBe(0);
    expect(most({ prompt: "x" }, "/v1/completions")).toBe(16);
    expect(most({ prompt: "x" }, "/v1/images/generations")).toBeUndefined();
  });

  test("estimates without its library, and says that it is missing", () => {
    const without = new TokenCounter(() => undefined);
    const { input, isExact } = without.count(chat, "gpt-4o", asking("Hello, how are you today?"));
    expect([input, isExact]).toEqual([14, false]);
    // A letter of Cyrillic has two bytes.
    expect(without.count("/v1/embeddings", "mine", { input: "Привет мир" }).input).toBe(5);
    expect(without.isTokenizerMissing).toBe(true);
    const unknown = new TokenCounter(() => undefined);
    expect(unknown.count(chat, "llama-3", asking("Hello")).isExact).toBe(false);
    expect(unknown.isTokenizerMissing).toBe(false);
  });

  test("takes whatever stands in a body", () => {
    for (const content of [null, 5, [null, 5, "x"], { a: 1 }]) {
      expect(counter.count(chat, "gpt-4o", asking(content)).input).toBeGreaterThan(0);
    }
    expect(
      counter.count("/v1/responses", undefined, { input: [{ type: "reasoning", id: "r" }, null] }).input,
    ).toBeGreaterThan(0);
    expect(counter.count(undefined, "x", {}).isExact).toBe(false);
  });
});

test.each([
  ["gpt-4o-mini", "o200k_base", true],
  ["ft:gpt-4.1-mini:acme", "o200k_base", true],
  ["o3", "o200k_base", true],
  ["gpt-5.6-sol", "o200k_base", true],
  ["gpt-6-sol", "o200k_base", false],
  ["openai/gpt-oss-20b", "o200k_harmony", true],
  ["gpt-4-turbo", "cl100k_base", true],
  ["text-embedding-3-large", "cl100k_base", true],
])("the encoding of %s is %s", (model, name, isKnown) => {
  expect(encodingOf(model)).toEqual({ name, isKnown });
});
