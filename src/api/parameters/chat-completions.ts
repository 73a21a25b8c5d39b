import { object } from "../rule/object-rule.js";
import {
  all,
  byType,
  deprecated,
  flag,
  identifier,
  integer,
  knownName,
  list,
  type Parameters,
  type Rule,
  required,
  text,
} from "../rule/rule.js";
import { textContent } from "./chat-content.js";
import { chatMessages } from "./chat-message.js";
import { chatToolChoice, chatTools } from "./chat-tool.js";
import { functionParameters } from "./function-definition.js";
import { metadata } from "./metadata.js";
import { model, modelIsMissing } from "./model.js";
import { moderationPolicy } from "./moderation-policy.js";
import { responseFormat } from "./output-format.js";
import { chatPromptCacheOptions, promptCacheRetention } from "./prompt-cache.js";
import { reasoningEffort, verbosity } from "./reasoning.js";
import { logitBias, penalty, seed, stop, temperature, topP } from "./sampling.js";
import { chatServiceTier } from "./service-tier.js";
import { stream, streamOptions } from "./stream.js";
import { schema } from "./strict-schema-rule.js";
import { deprecatedUser, safetyIdentifier } from "./user.js";

const audio = object({
  format: required(knownName("wav", "aac", "mp3", "flac", "opus", "pcm16")),
  voice: required(
    byType("a name or an object with an id", { string: text(), object: object({ id: required(text()) }) }),
  ),
});

const legacyFunction = all(
  object({ name: required(identifier), description: text(), parameters: schema }),
  functionParameters,
);

const legacyFunctionCall = byType("a string or an object with a name", {
  string: knownName("none", "auto"),
  object: object({ name: required(text()) }),
});

const webSearchOptions: Rule = all(
  object({
    search_context_size: knownName("low", "medium", "high"),
    user_location: object({
      type: required(knownName("approximate")),
      approximate: required(object({ city: text(), country: text(), region: text(), timezone: text() })),
    }),
  }),
  (_value, at) => at.warning("likely_refused", "web search is reported not to work in a batch."),
);

/** `POST /v1/chat/completions`. Source: openai-node 7.57 and the specification, November 2026. */
export const chatCompletionParameters = {
  model: required(model, modelIsMissing),
  messages: required(chatMessages, "Messages parameter is required."),
  audio,
  frequency_penalty: penalty,
  function_call: deprecated(legacyFunctionCall, "Use tool_choice."),
  functions: deprecated(list(legacyFunction, { min: 1, max: 128 }), "Use tools."),
  logit_bias: logitBias,
  logprobs: flag,
  max_completion_tokens: integer({ min: 0 }),
  max_tokens: deprecated(integer({ min: 0 }), "Use max_completion_tokens."),
  metadata,
  modalities: list(knownName("text", "audio")),
  moderation: moderationPolicy,
  n: integer({ min: 1, max: 128 }),
  parallel_tool_calls: flag,
  prediction: object({ type: required(knownName("content")), content: required(textContent) }),
  presence_penalty: penalty,
  prompt_cache_key: text(),
  prompt_cache_options: chatPromptCacheOptions,
  prompt_cache_retention: promptCacheRetention,
  reasoning_effort: reasoningEffort,
  response_format: responseFormat,
  safety_identifier: safetyIdentifier,
  seed: deprecated(seed, "It has no successor: leave it out unless you rely on it."),
  service_tier: chatServiceTier,
  stop,
  store: flag,
  stream: stream("Chat Completions"),
  stream_options: streamOptions,
  temperature,
  tool_choice: chatToolChoice,
  tools: chatTools,
  top_logprobs: integer({ min: 0, max: 20 }),
  top_p: topP,
  user: deprecatedUser,
  verbosity,
  web_search_options: webSearchOptions,
} satisfies Parameters;
