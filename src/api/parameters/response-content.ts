import { byKey } from "../rule/by-key.js";
import { object } from "../rule/object-rule.js";
import { all, anything, byType, knownName, list, type Rule, required, text } from "../rule/rule.js";
import { fileData, needsOneOf } from "./file-data.js";
import { imageAddress } from "./image-address.js";
import { promptCacheBreakpoint } from "./prompt-cache.js";

const detail = knownName("auto", "low", "high", "original");

/** Parts that a prompt's variable may be, too. */
export const inputParts = {
  input_text: object({
    type: anything,
    text: required(text()),
    prompt_cache_breakpoint: promptCacheBreakpoint,
  }),
  input_image: all(
    object({
      type: anything,
      detail,
      file_id: text(),
      image_url: byType("the address itself, as a string", { string: imageAddress }),
      prompt_cache_breakpoint: promptCacheBreakpoint,
    }),
    needsOneOf("image_url", "file_id"),
  ),
  input_file: all(
    object({
      type: anything,
      detail,
      file_data: fileData,
      file_id: text(),
      file_url: text(),
      filename: text(),
      prompt_cache_breakpoint: promptCacheBreakpoint,
    }),
    needsOneOf("file_id", "file_data", "file_url"),
  ),
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

const onlyInput = 'A message with the role "assistant" has output_text and refusal.';

/** `content` of a message item of `/v1/responses`, whoever it is from. */
export const responseContent = content(parts, {});

/**
 * `content` of the assistant's messages, as an answer gave them. OpenAI answers "Invalid value: 'input_text'. Supported
 * values are: 'output_text' and 'refusal'", as public code quotes it, read November 2026.
 */
export const assistantResponseContent = content(
  { output_text: parts.output_text, refusal: parts.refusal },
  { input_text: onlyInput, input_image: onlyInput, input_file: onlyInput, input_audio: onlyInput },
);

function content(rules: Readonly<Record<string, Rule>>, misplaced: Readonly<Record<string, string>>): Rule {
  return byType("a string or an array of content parts", {
    string: text(),
    array: list(byKey("type", rules, { renamed, misplaced })),
  });
}
