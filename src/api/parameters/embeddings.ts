import { formatCount } from "../../errors/index.js";
import type { Inspection } from "../rule/inspection.js";
import {
  all,
  byType,
  integer,
  isObject,
  list,
  oneOf,
  type Parameters,
  type Rule,
  required,
  text,
} from "../rule/rule.js";
import { model, modelIsMissing } from "./model.js";

/** At most this many inputs in one embeddings request. Source: openai-node 7.57, November 2026. */
const inputCount = { min: 1, max: 2048 };

/** Tokens of one input, and of all inputs of a request together: from the same source. */
const tokenCount = { min: 1, max: 8192 };
const maxTokensOfRequest = 300_000;

const token = integer({ min: 0 });
const element = byType("a string, a token or an array of tokens", {
  string: text({ min: 1 }),
  number: token,
  array: list(token, tokenCount),
});

const sameKind: Rule = (value, at: Inspection) => {
  if (!Array.isArray(value) || value.length < 2) return;
  const kind = typeof value[0];
  if (value.some((other) => typeof other !== kind)) {
    at.error("invalid_type", "mixes strings and tokens.", "Use strings alone or tokens alone.");
  }
};

/** Of texts nobody knows how many tokens they are. */
const fewTokens: Rule = (value, at: Inspection) => {
  if (!Array.isArray(value)) return;
  const tokens = value.reduce<number>((sum, input) => sum + (Array.isArray(input) ? input.length : 0), 0);
  if (tokens <= maxTokensOfRequest) return;
  const message = `${formatCount(tokens)} tokens are over the limit of ${formatCount(maxTokensOfRequest)} for one request.`;
  at.refused("invalid_value", message, "Put its inputs into several requests.");
};

/** `POST /v1/embeddings`. */
export const embeddingParameters = {
  input: required(
    byType("a string or an array", {
      string: text({ min: 1 }),
      array: all(list(element, inputCount), sameKind, fewTokens),
    }),
  ),
  model: required(model, modelIsMissing),
  dimensions: integer({ min: 1 }),
  encoding_format: oneOf("float", "base64"),
  user: text(),
} satisfies Parameters;

/** How many embedding inputs a body of `/v1/embeddings` counts for. */
export function countEmbeddingInputs(body: unknown): number {
  if (!isObject(body) || !Array.isArray(body.input)) return 1;
  return typeof body.input[0] === "number" ? 1 : body.input.length;
}
