import { object } from "../rule/object-rule.js";
import { deprecated, flag, knownName, text } from "../rule/rule.js";

const options = {
  mode: knownName("implicit", "explicit"),
  ttl: knownName("30m", "12h"),
  comparison_response_id: text(),
};

export const chatPromptCacheOptions = object(options);

export const responsesPromptCacheOptions = object({ ...options, prewarm: flag });

export const promptCacheRetention = deprecated(knownName("in_memory", "24h"), "Use prompt_cache_options.");

/** Marks where a cached prefix ends; stands beside the content of a part. */
export const promptCacheBreakpoint = object({ mode: knownName("explicit") });
