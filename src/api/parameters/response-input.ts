import { byKey } from "../rule/by-key.js";
import { isPresent } from "../rule/is-present.js";
import { object, openObject } from "../rule/object-rule.js";
import {
  anything,
  byType,
  identifier,
  isObject,
  knownName,
  list,
  oneOf,
  type Rule,
  required,
  text,
} from "../rule/rule.js";
import { assistantResponseContent, responseContent } from "./response-content.js";

/**
 * "Invalid 'input[26].id': string too long. Expected a string with maximum length 64, but got a string with length 67 instead":
 * OpenAI's answer as public code quotes it, read November 2026.
 */
const itemId = text({ max: 64 });

const message = (content: Rule): Rule =>
  object({
    type: anything,
    id: itemId,
    role: required(oneOf("user", "assistant", "system", "developer")),
    content: required(content),
    status: knownName("in_progress", "completed", "incomplete"),
    phase: knownName("commentary", "final_answer"),
  });

const assistantItem = message(assistantResponseContent);
const otherItem = message(responseContent);

const messageItem: Rule = (value, at) => {
  const isAssistant = isObject(value) && value.role === "assistant";
  (isAssistant ? assistantItem : otherItem)(value, at);
  if (isAssistant || !isObject(value) || !Array.isArray(value.content)) return;
  const isOutput = value.content.some((part) => isObject(part) && part.type === "output_text");
  if (!isOutput) return;
  at.inside("content", () => {
    at.warning("likely_refused", "output_text is what an assistant says.", "Here use input_text.");
  });
};

const callId = required(text({ min: 1, max: 64 }));

const anyReasoning = openObject({ id: itemId });

/** "Missing required parameter: 'input[22].summary'": OpenAI's answer as public code quotes it, read November 2026. */
const reasoningItem: Rule = (value, at) => {
  anyReasoning(value, at);
  if (!isObject(value) || value.summary !== undefined) return;
  at.inside("summary", () =>
    at.refused(
      "missing_required_parameter",
      "Missing required parameter: 'summary'.",
      "Add summary as it came, or an empty list.",
    ),
  );
};

/**
 * Items that an earlier answer gave, or that answer its calls. Only what joins a call to its output is looked at:
 * the rest is handed back as it came.
 */
const items: Readonly<Record<string, Rule>> = {
  message: messageItem,
  function_call: openObject({
    id: itemId,
    call_id: callId,
    name: required(identifier),
    arguments: required(text()),
  }),
  function_call_output: openObject({
    id: itemId,
    call_id: callId,
    output: required(byType("a string or an array of content parts", { string: text(), array: anything })),
  }),
  custom_tool_call: openObject({ call_id: callId, name: required(text()), input: required(text()) }),
  custom_tool_call_output: openObject({ call_id: callId, output: required(anything) }),
  reasoning: reasoningItem,
  item_reference: openObject({ id: required(text({ min: 1 })) }),
  ...Object.fromEntries(
    [
      "additional_tools",
      "apply_patch_call",
      "apply_patch_call_output",
      "code_interpreter_call",
      "compaction",
      "compaction_trigger",
      "computer_call",
      "computer_call_output",
      "configuration_update",
      "file_search_call",
      "image_generation_call",
      "local_shell_call",
      "local_shell_call_output",
      "mcp_approval_request",
      "mcp_approval_response",
      "mcp_call",
      "mcp_list_tools",
      "program",
      "program_output",
      "shell_call",
      "shell_call_output",
      "tool_search_call",
      "tool_search_output",
      "web_search_call",
    ].map((type) => [type, anything]),
  ),
};

const itemByType = byKey("type", items);

const inputItem: Rule = (value, at) => {
  if (!isObject(value) || isPresent(value.type)) return itemByType(value, at);
  // Without a type it is a message, or the id of an item that the service has stored.
  const isReference = value.role === undefined && value.id !== undefined;
  return isReference ? items.item_reference?.(value, at) : messageItem(value, at);
};

/** `input` of `/v1/responses`. */
export const responseInput = byType("a string or an array of items", {
  string: text(),
  array: list(inputItem),
});
