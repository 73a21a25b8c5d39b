import { anything, byType, flag, integer, list, type Parameters, required, text } from "../rule/rule.js";
import { model, modelIsMissing } from "./model.js";
import { logitBias, penalty, seed, stop, temperature, topP } from "./sampling.js";
import { stream, streamOptions } from "./stream.js";

const token = integer({ min: 0 });

const prompt = byType("a string, an array or null", {
  string: text(),
  array: list(
    byType("a string, a token or an array of tokens", { string: text(), number: token, array: list(token) }),
  ),
  null: anything,
});

/** `POST /v1/completions`. Source: openai-node 7.57 and the specification, November 2026. */
export const completionParameters = {
  model: required(model, modelIsMissing),
  prompt: required(prompt),
  best_of: integer({ min: 0, max: 20 }),
  echo: flag,
  frequency_penalty: penalty,
  logit_bias: logitBias,
  logprobs: integer({ min: 0, max: 5 }),
  max_tokens: integer({ min: 0 }),
  n: integer({ min: 1, max: 128 }),
  presence_penalty: penalty,
  seed,
  stop,
  stream: stream("Completions"),
  stream_options: streamOptions,
  suffix: text(),
  temperature,
  top_p: topP,
  user: text(),
} satisfies Parameters;
