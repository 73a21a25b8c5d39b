import { expect, test } from "vitest";
import { readOutputLimit } from "../../src/outcome/index.js";

test.each([
  [
    "max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.",
    16384,
  ],
  [
    "max_tokens: 65537 > 64000, which is the maximum allowed number of output tokens for claude-opus-4-5-20251101",
    64000,
  ],
  [
    "The parameter `max_completion_tokens` specified in the request are not valid: integer above maximum value, expected a value <= 12288, but got 32000 instead.",
    12288,
  ],
  ["The parameter `n` is not valid: expected a value <= 128, but got 200 instead.", undefined],
  ["This model's maximum context length is 8192 tokens.", undefined],
  ["", undefined],
])("%j says %s", (message, limit) => {
  expect(readOutputLimit(message)).toBe(limit);
});
