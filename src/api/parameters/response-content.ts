import { byKey } from "../rule/by-key.js";
import { object } from "../rule/object-rule.js";
import { all, anything, byType, knownName, list, required, text } from "../rule/rule.js";
import { notLocal } from "./local-image.js";
import { promptCacheBreakpoint } from "./prompt-cache.js";

const detail = knownName("auto", "low", "high", "original");

/** Parts that a prompt's variable may be, too. */
export const inputParts = {
  input_text: object({
    type: anything,
    text: required(text()),
    prompt_cache_breakpoint: promptCacheBreakpoint,
  }),
  input_image: object({
    type: anything,
    detail,
    file_id: text(),
    image_url: all(text(), notLocal),
    prompt_cache_breakpoint: promptCacheBreakpoint,
  }),
  input_file: object({
    type: anything,
    detail,
    file_data: text(),
    file_id: text(),
    file_url: text(),
    filename: text(),
    prompt_cache_breakpoint: promptCacheBreakpoint,
  }),
};

const parts = {
  ...inputParts,
  input_audio: object({ type: anything, input_audio: required(anything) }),
  output_text: object({
    type: anything,
    text: required(text()),
    annotations: anything,
    logprobs: anything,
  }),
  refusal: object({ type: anything, refusal: required(text()) }),
};

/** What the parts of chat messages are called in responses. */
const renamed = { text: "input_text", image_url: "input_image", file: "input_file" };

/** `content` of a message item of `/v1/responses`. */
export const responseContent = byType("a string or an array of content parts", {
  string: text(),
  array: list(byKey("type", parts, { renamed })),
});
