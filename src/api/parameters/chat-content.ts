import { byKey } from "../rule/by-key.js";
import { object } from "../rule/object-rule.js";
import { all, anything, byType, knownName, list, type Rule, required, text } from "../rule/rule.js";
import { fileData, needsOneOf } from "./file-data.js";
import { imageAddress } from "./image-address.js";
import { promptCacheBreakpoint } from "./prompt-cache.js";

const textPart = object({
  type: anything,
  text: required(text()),
  prompt_cache_breakpoint: promptCacheBreakpoint,
});

const imagePart = object({
  type: anything,
  image_url: required(
    byType('{"url": …}', {
      object: object({
        url: required(imageAddress),
        detail: knownName("auto", "low", "high", "original"),
      }),
    }),
  ),
  prompt_cache_breakpoint: promptCacheBreakpoint,
});

/** The bytes alone: what files and images need before them is said to be refused here. */
const audioData: Rule = all(text({ min: 1 }), (value, at) => {
  if (typeof value !== "string" || !/^data:/i.test(value)) return;
  at.warning("likely_refused", "sound is base64 text alone, without data:.", "Leave out what is before it.");
});

const audioPart = object({
  type: anything,
  input_audio: required(
    byType('{"data": …, "format": …}', {
      object: object({ data: required(audioData), format: required(knownName("wav", "mp3")) }),
    }),
  ),
  prompt_cache_breakpoint: promptCacheBreakpoint,
});

const filePart = object({
  type: anything,
  file: required(
    byType('{"file_id": …}', {
      object: all(
        object({ file_data: fileData, file_id: text(), filename: text() }),
        needsOneOf("file_id", "file_data"),
      ),
    }),
  ),
  prompt_cache_breakpoint: promptCacheBreakpoint,
});

const refusalPart = object({ type: anything, refusal: required(text()) });

/** What the parts of `/v1/responses` are called in chat. */
const renamed = { input_text: "text", output_text: "text", input_image: "image_url", input_file: "file" };

const onlyText = "Such a message holds text alone: put it into a message of the user.";
const notText = { image_url: onlyText, input_audio: onlyText, file: onlyText };
const onlyAssistant = 'Only a message with the role "assistant" has it.';

/** Content of the messages that hold text alone: system, developer, tool. */
export const textContent = content({ text: textPart }, { ...notText, refusal: onlyAssistant });

export const userContent = content(
  { text: textPart, image_url: imagePart, input_audio: audioPart, file: filePart },
  { refusal: onlyAssistant },
);

export const assistantContent = content({ text: textPart, refusal: refusalPart }, notText);

/** @param misplaced parts that messages of other roles have, each with what to do. */
function content(parts: Readonly<Record<string, Rule>>, misplaced: Readonly<Record<string, string>>): Rule {
  return byType("a string or an array of content parts", {
    string: text(),
    array: list(byKey("type", parts, { renamed, misplaced }), { min: 1 }),
  });
}
