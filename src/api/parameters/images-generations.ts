import { openObject } from "../rule/object-rule.js";
import { deprecated, integer, knownName, type Parameters, required, text } from "../rule/rule.js";
import { imageOptions, imagePrompt } from "./image-options.js";
import { model } from "./model.js";
import { safetyIdentifier } from "./user.js";

const leaveOut = "Leave it out: only models that are retired take it.";

/** `POST /v1/images/generations`. Source: openai-node 7.57 and the specification, November 2026. */
export const imageGenerationParameters = {
  prompt: required(imagePrompt),
  ...imageOptions,
  complexity: knownName("low", "medium", "high"),
  frame_count: integer({ min: 2, max: 16 }),
  frame_duration_ms: integer({ min: 1 }),
  output_format: knownName("png", "jpeg", "webp", "gif", "svg"),
  quality: knownName("auto", "low", "medium", "high", "xhigh", "max", "standard", "hd"),
  response_format: deprecated(
    knownName("url", "b64_json"),
    "Leave it out: the image models answer with b64_json.",
  ),
  safety_identifier: safetyIdentifier,
  style: deprecated(knownName("vivid", "natural"), leaveOut),
  svg: openObject({ model }),
  user: deprecated(text(), "Use safety_identifier."),
} satisfies Parameters;
