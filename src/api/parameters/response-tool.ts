import { byKey } from "../rule/by-key.js";
import { object, openObject, reportMissing } from "../rule/object-rule.js";
import {
  all,
  anything,
  byType,
  flag,
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

const functionTool = all(
  object({
    type: anything,
    ...functionDefinition,
    defer_loading: flag,
    allowed_callers: list(knownName("direct", "programmatic")),
    output_schema: anything,
  }),
  functionParameters,
);

const customTool = object({
  type: anything,
  name: required(identifier),
  description: text(),
  format: byKey("type", {
    text: object({ type: anything }),
    grammar: object({ type: anything, ...grammar }),
  }),
  defer_loading: flag,
  allowed_callers: list(knownName("direct", "programmatic")),
});

const webSearch: Rule = all(openObject(), (_value, at) => {
  at.warning("likely_refused", "web search is reported not to work in a batch.");
});

const functionShape = '{"type":"function","name":…,"parameters":…}';

const ownTools = {
  function: flat("function", functionTool, functionShape),
  custom: flat("custom", customTool, '{"type":"custom","name":…}'),
};

/** Nobody has told what the name of a namespace may be; those of functions are narrow. */
const likelyName: Rule = all(text({ min: 1 }), (value, at) => {
  if (typeof value !== "string" || value === "" || /^[a-zA-Z0-9_-]{1,64}$/.test(value)) return;
  at.warning("likely_refused", "functions cannot be called so.", "Use 1 to 64 letters, digits, - and _.");
});

/** Of the service's own tools only what they cannot do without is looked at: their options grow. */
const tools = byKey("type", {
  ...ownTools,
  apply_patch: openObject(),
  code_interpreter: openObject({
    container: required(byType("a string or an object", { string: text(), object: anything })),
  }),
  computer: openObject(),
  computer_use_preview: openObject(),
  file_search: openObject({ vector_store_ids: required(list(text({ min: 1 }))) }),
  image_generation: openObject(),
  local_shell: openObject(),
  mcp: openObject({ server_label: required(text({ min: 1 })) }),
  namespace: openObject({ name: required(likelyName), tools: required(list(byKey("type", ownTools))) }),
  programmatic_tool_calling: openObject(),
  shell: openObject(),
  tool_search: openObject(),
  web_search: webSearch,
  web_search_2025_08_26: webSearch,
  web_search_preview: webSearch,
  web_search_preview_2025_03_11: webSearch,
});

/** `tools` of `/v1/responses`: what a tool is stands beside its type. */
export const responseTools = list(tools);

const named = object({ type: anything, name: required(text({ min: 1 })) });

const builtIn = [
  "apply_patch",
  "code_interpreter",
  "computer",
  "computer_use",
  "computer_use_preview",
  "file_search",
  "image_generation",
  "programmatic_tool_calling",
  "shell",
  "web_search",
  "web_search_preview",
  "web_search_preview_2025_03_11",
];

/** `tool_choice` of `/v1/responses`. */
export const responseToolChoice = byType("a string or an object", {
  string: oneOf("none", "auto", "required"),
  object: byKey("type", {
    ...Object.fromEntries(builtIn.map((type) => [type, openObject()])),
    function: flat("function", named, '{"type":"function","name":…}'),
    custom: flat("custom", named, '{"type":"custom","name":…}'),
    mcp: object({ type: anything, server_label: required(text({ min: 1 })), name: text() }),
    allowed_tools: object({
      type: anything,
      mode: required(knownName("auto", "required")),
      tools: required(list(openObject())),
    }),
  }),
});

/** Says what is missing where the name stands under the type's name, as it does in chat. */
function flat(key: string, rule: Rule, shape: string): Rule {
  return (value, at) => {
    const isNested = isObject(value) && isObject(value[key]) && value.name === undefined;
    if (!isNested) return rule(value, at);
    reportMissing("name", at, `This is the nested shape of /v1/chat/completions. Here write ${shape}.`);
  };
}
