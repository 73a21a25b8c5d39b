import { describeName } from "../rule/describe.js";
import { byType, integer, isObject, list, mapOf, number, type Rule, text } from "../rule/rule.js";

export const temperature = number({ min: 0, max: 2 });

export const topP = number({ min: 0, max: 1 });

export const penalty = number({ min: -2, max: 2 });

const bias = mapOf(number({ min: -100, max: 100 }));

/**
 * By token id. "Invalid key in 'logit_bias': … You should only be submitting non-negative integers": OpenAI's answer as public code
 * quotes it; llama.cpp takes words, too. Read November 2026.
 */
export const logitBias: Rule = (value, at) => {
  bias(value, at);
  const word = isObject(value) ? Object.keys(value).find((key) => !/^\d+$/.test(key)) : undefined;
  if (word === undefined) return;
  const message = `${describeName(word)} is no token id.`;
  at.refused("invalid_value", message, "Use the number that the tokenizer of the model has for a token.");
};

export const stop = byType("a string or an array of 1 to 4 strings", {
  string: text(),
  array: list(text(), { min: 1, max: 4 }),
});

/** A 64-bit integer. */
export const seed = integer({ min: -(2 ** 63), max: 2 ** 63 });
