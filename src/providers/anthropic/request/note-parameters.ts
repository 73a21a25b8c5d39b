import { describe, isObject } from "../../../api/index.js";
import { isGiven } from "./to-content.js";
import type { TranslationNotes } from "./translation-notes.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What the translation says in Anthropic's words. */
const translated: readonly string[] = [
  "model",
  "messages",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "stop",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "reasoning_effort",
  "user",
  "safety_identifier",
];

/** What changes no answer: who is billed, what is kept, how it is sent. */
const unneeded: readonly string[] = [
  "metadata",
  "store",
  "service_tier",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "stream_options",
  "prediction",
];

/** What changes the answer, but for the value that it has anyway. */
const neutral: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: (value) => isObject(value) && Object.keys(value).length === 0,
  verbosity: (value) => value === "medium",
  modalities: (value) => Array.isArray(value) && value.every((each) => each === "text"),
  stream: (value) => value === false,
};

const waysOut: Readonly<Record<string, string>> = {
  n: "Write a request for each answer.",
  functions: "Use tools.",
  function_call: "Use tool_choice.",
  modalities: "Ask for text.",
  logprobs: "Leave it out: Anthropic tells no probabilities.",
  top_logprobs: "Leave it out: Anthropic tells no probabilities.",
  web_search_options: 'Write the request as Anthropic\'s own, with its web search: url "/v1/messages".',
};

/** Tells of each parameter that is not translated: what changes no answer is left out, all else stands in the way. */
export function noteParameters(body: JsonObject, notes: TranslationNotes): void {
  const left: string[] = [];
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (value === null || value === undefined || translated.includes(name)) continue;
    if (unneeded.includes(name)) notes.warn(`body.${name}`, "left out: it changes no answer.");
    else if (Object.hasOwn(neutral, name) && neutral[name]?.(value))
      notes.warn(`body.${name}`, `left out: ${describe(value)} is what Anthropic does anyway.`);
    else if (Object.hasOwn(waysOut, name))
      notes.refuse(`body.${name}`, "Anthropic has nothing like it.", waysOut[name] ?? "");
    else if (isGiven(value)) left.push(name);
  }
  notes.refuseOthers("body", Object.fromEntries(left.map((name) => [name, body[name]])), []);
}
