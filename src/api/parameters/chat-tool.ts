import { byKey } from "../rule/by-key.js";
import { object, openObject, reportMissing } from "../rule/object-rule.js";
import {
  all,
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
import { functionDefinition, functionParameters, grammar } from "./function-definition.js";

const nestedFunction = object({
  type: anything,
  function: required(all(object(functionDefinition), functionParameters)),
});

const customTool = object({
  type: anything,
  custom: required(
    object({
      name: required(identifier),
      description: text(),
      format: byKey("type", {
        text: object({ type: anything }),
        grammar: object({ type: anything, grammar: required(object(grammar)) }),
      }),
    }),
  ),
});

/**
 * `tools` of `/v1/chat/completions`: what a tool is stands under the name of its type. "Invalid 'tools': array too long. Expected
 * an array with maximum length 128": OpenAI's answer as public code quotes it, read November 2026.
 */
export const chatTools = list(
  byKey("type", {
    function: nested("function", nestedFunction, '{"type":"function","function":{"name":…,"parameters":…}}'),
    custom: nested("custom", customTool, '{"type":"custom","custom":{"name":…}}'),
  }),
  { max: 128 },
);

const named = object({ name: required(text({ min: 1 })) });

/** `tool_choice` of `/v1/chat/completions`. */
export const chatToolChoice = byType("a string or an object", {
  string: oneOf("none", "auto", "required"),
  object: byKey("type", {
    function: nested(
      "function",
      object({ type: anything, function: required(named) }),
      '{"type":"function","function":{"name":…}}',
    ),
    custom: nested(
      "custom",
      object({ type: anything, custom: required(named) }),
      '{"type":"custom","custom":{"name":…}}',
    ),
    allowed_tools: object({
      type: anything,
      allowed_tools: required(
        object({ mode: required(knownName("auto", "required")), tools: required(list(openObject())) }),
      ),
    }),
  }),
});

/** Says what is missing where the name stands beside the type, as it does in responses. */
function nested(key: string, rule: Rule, shape: string): Rule {
  return (value, at) => {
    const isFlat = isObject(value) && value[key] === undefined && value.name !== undefined;
    if (!isFlat) return rule(value, at);
    reportMissing(key, at, `This is the flat shape of /v1/responses. Here write ${shape}.`);
  };
}
