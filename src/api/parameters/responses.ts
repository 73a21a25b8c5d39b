import { object } from "../rule/object-rule.js";
import {
  all,
  byType,
  deprecated,
  flag,
  integer,
  knownName,
  list,
  type Parameters,
  type Rule,
  required,
  text,
} from "../rule/rule.js";
import { metadata } from "./metadata.js";
import { model } from "./model.js";
import { moderationPolicy } from "./moderation-policy.js";
import { textFormat } from "./output-format.js";
import { prompt } from "./prompt.js";
import { promptCacheRetention, responsesPromptCacheOptions } from "./prompt-cache.js";
import { reasoning, verbosity } from "./reasoning.js";
import { responseInput } from "./response-input.js";
import { responseToolChoice, responseTools } from "./response-tool.js";
import { temperature, topP } from "./sampling.js";
import { responsesServiceTier } from "./service-tier.js";
import { stream, streamOptions } from "./stream.js";
import { deprecatedUser, safetyIdentifier } from "./user.js";

const background: Rule = all(flag, (value, at) => {
  if (value !== true) return;
  at.warning("no_effect_in_batch", "a batch runs in the background as it is.");
});

const include = list(
  knownName(
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
  ),
);

/** `POST /v1/responses`. Source: openai-node 7.57 and the specification, November 2026. */
export const responseParameters = {
  model,
  input: responseInput,
  instructions: text(),
  access_programs: object({ cyber: knownName("standard", "daybreak_blue", "daybreak_red") }),
  background,
  context_management: list(
    object({ type: required(knownName("compaction")), compact_threshold: integer({ min: 0 }) }),
    { min: 1 },
  ),
  conversation: byType("an id or an object with an id", {
    string: text({ min: 1 }),
    object: object({ id: required(text({ min: 1 })) }),
  }),
  image: object({ context_compression: knownName("auto", "enabled", "disabled") }),
  include,
  max_output_tokens: integer({ min: 16 }),
  max_tool_calls: integer({ min: 0 }),
  metadata,
  moderation: moderationPolicy,
  parallel_tool_calls: flag,
  previous_response_id: text({ min: 1 }),
  prompt,
  prompt_cache_key: text(),
  prompt_cache_options: responsesPromptCacheOptions,
  prompt_cache_retention: promptCacheRetention,
  reasoning,
  safety_identifier: safetyIdentifier,
  service_tier: responsesServiceTier,
  store: flag,
  stream: stream("Responses"),
  stream_options: streamOptions,
  temperature,
  text: object({ format: textFormat, verbosity }),
  tool_choice: responseToolChoice,
  tools: responseTools,
  top_logprobs: integer({ min: 0, max: 20 }),
  top_p: topP,
  truncation: deprecated(
    knownName("auto", "disabled"),
    "It has no successor: leave it out, or shorten the input.",
  ),
  user: deprecatedUser,
} satisfies Parameters;
