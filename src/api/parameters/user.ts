import { deprecated, text } from "../rule/rule.js";

/** Where it has successors: in chat completions and responses. */
export const deprecatedUser = deprecated(text(), "Use safety_identifier, and prompt_cache_key for caching.");

/** 128 characters. Source: openai-node 7.57, November 2026; the specification of August said 64. */
export const safetyIdentifier = text({ max: 128 });
