import { knownName, oneOf, type Parameters, required } from "../rule/rule.js";
import { imagePrompt } from "./image-options.js";
import { imageReference } from "./image-reference.js";
import { model } from "./model.js";

/** `POST /v1/videos`. Source: openai-node 7.57 and OpenAI's batch guide, November 2026. */
export const videoParameters = {
  prompt: required(imagePrompt),
  model,
  input_reference: imageReference,
  seconds: oneOf("4", "8", "12"),
  size: knownName("720x1280", "1280x720", "1024x1792", "1792x1024"),
} satisfies Parameters;
