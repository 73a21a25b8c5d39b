import { knownName, list, oneOf, type Parameters, required, text } from "../rule/rule.js";
import { imageOptions, imagePrompt } from "./image-options.js";
import { imageReference } from "./image-reference.js";

/**
 * `POST /v1/images/edits`, in the form that is JSON: the one with uploads cannot stand in a batch file.
 * Source: openai-node 7.57 and the specification, November 2026.
 */
export const imageEditParameters = {
  prompt: required(imagePrompt),
  images: required(list(imageReference, { min: 1, max: 16 })),
  ...imageOptions,
  input_fidelity: oneOf("high", "low"),
  mask: imageReference,
  output_format: knownName("png", "jpeg", "webp"),
  quality: knownName("auto", "low", "medium", "high"),
  user: text(),
} satisfies Parameters;
