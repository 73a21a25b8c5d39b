import type { OptionRule } from "../api/index.js";

/** Of time, or how fast it goes. */
export const amountOption: OptionRule = {
  isValid: (value) => typeof value === "number" && value >= 0 && value < Infinity,
  expected: "a number, 0 or more",
};
