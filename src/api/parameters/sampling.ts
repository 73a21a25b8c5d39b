import { byType, integer, list, mapOf, number, text } from "../rule/rule.js";

export const temperature = number({ min: 0, max: 2 });

export const topP = number({ min: 0, max: 1 });

export const penalty = number({ min: -2, max: 2 });

/** By token id. */
export const logitBias = mapOf(number({ min: -100, max: 100 }));

export const stop = byType("a string or an array of 1 to 4 strings", {
  string: text(),
  array: list(text(), { min: 1, max: 4 }),
});

/** A 64-bit integer. */
export const seed = integer({ min: -(2 ** 63), max: 2 ** 63 });
