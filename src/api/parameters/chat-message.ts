import { byKey } from "../rule/by-key.js";
import { describe } from "../rule/describe.js";
import type { Inspection } from "../rule/inspection.js";
import { isPresent } from "../rule/is-present.js";
import { object, reportMissing } from "../rule/object-rule.js";
import {
  all,
  anything,
  byType,
  identifier,
  isObject,
  list,
  type Rule,
  required,
  text,
} from "../rule/rule.js";
import { assistantContent, textContent, userContent } from "./chat-content.js";

const role = anything;
/** "string does not match pattern. Expected a string that matches the pattern '^[^\\s<|\\\\/>]+$'": OpenAI's answer, 2025. */
const name: Rule = all(text({ max: 64 }), (value, at) => {
  if (typeof value !== "string" || /^[^\s<|\\/>]+$/.test(value)) return;
  const message = `${describe(value)} is no name that the service takes.`;
  at.refused("invalid_value", message, "Leave it out, or use a name without spaces and without < | \\ / >.");
});

/**
 * "Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a string with length 46
 * instead": OpenAI's answer to an id as vLLM makes them, as public code quotes it, read November 2026.
 */
const idLimit = { max: 40 };

const toolCall = byKey("type", {
  function: object({
    type: anything,
    id: required(text(idLimit)),
    // Left over where the call was put together from a stream.
    index: anything,
    function: required(object({ name: required(identifier), arguments: required(text()) })),
  }),
  custom: object({
    type: anything,
    id: required(text(idLimit)),
    custom: required(object({ name: required(text()), input: required(text()) })),
  }),
});

/** "Invalid 'messages[1].tool_calls': empty array": DeepSeek's answer in 2026, and OpenAI's once, as public code quotes them. */
function notEmpty(value: unknown, at: Inspection): void {
  if (!Array.isArray(value) || value.length > 0) return;
  at.warning("likely_refused", "an empty list of calls is refused by some.", "Leave it out.");
}

const assistantMessage = object({
  role,
  name,
  content: assistantContent,
  tool_calls: all(list(toolCall), notEmpty),
  function_call: object({ name: required(text()), arguments: required(text()) }),
  refusal: text(),
  audio: object({ id: required(text()), data: text(), expires_at: anything, transcript: text() }),
  annotations: anything,
});

/** What an assistant's message may hold instead of content. */
const insteadOfContent = ["tool_calls", "function_call", "refusal", "audio"] as const;

const saysSomething: Rule = (value, at) => {
  if (!isObject(value) || isPresent(value.content) || insteadOfContent.some((key) => isPresent(value[key])))
    return;
  reportMissing("content", at, "Give it content, or the tool_calls that the assistant made.");
};

const functionMessage: Rule = all(
  object({
    role,
    name: required(name),
    content: byType("a string or null", { string: text(), null: anything }),
  }),
  (_value, at) =>
    at.warning("deprecated_parameter", 'the role "function" is deprecated.', 'Use the role "tool".'),
);

const message = byKey(
  "role",
  {
    user: object({ role, name, content: required(userContent) }),
    assistant: all(assistantMessage, saysSomething),
    system: object({ role, name, content: required(textContent) }),
    developer: object({ role, name, content: required(textContent) }),
    tool: object({
      role,
      name,
      content: required(textContent),
      tool_call_id: required(text({ min: 1, ...idLimit })),
    }),
    function: functionMessage,
  },
  { isClosed: true },
);

/** `messages` of `/v1/chat/completions`. */
export const chatMessages = byType('an array: [{"role":"user","content":…}]', {
  array: list(message, { min: 1 }),
});
