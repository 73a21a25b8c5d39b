import { all, integer, oneOf, type Parameters, type Rule, text } from "../rule/rule.js";
import { imageSize } from "./image-size.js";
import { model } from "./model.js";
import { stream } from "./stream.js";

const noPartialImages: Rule = (value, at) => {
  if (value === 0) return;
  at.warning("no_effect_in_batch", "partial images come only with streaming, and a batch cannot stream.");
};

/** What both ways of making an image take. */
export const imageOptions = {
  model,
  n: integer({ min: 1, max: 10 }),
  size: imageSize,
  background: oneOf("transparent", "opaque", "auto"),
  output_compression: integer({ min: 0, max: 100 }),
  moderation: oneOf("low", "auto"),
  partial_images: all(integer({ min: 0, max: 3 }), noPartialImages),
  stream: stream("Images"),
} satisfies Parameters;

export const imagePrompt = text({ min: 1, max: 32_000 });
