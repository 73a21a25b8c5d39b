import { countCharacters } from "../rule/describe.js";
import type { Inspection } from "../rule/inspection.js";
import { flag, identifier, isObject, knownName, type Rule, required, text } from "../rule/rule.js";
import { inspectFunctionSchema, schema } from "./strict-schema-rule.js";

/**
 * What is said of a function or a format. "Invalid 'tools[5].function.description': string too long. Expected a string with maximum
 * length 1024", and the same of 'text.format.description': OpenAI's answers as public code quotes them, not of all models; read November
 * 2026.
 */
export const description: Rule = (value, at) => {
  anyText(value, at);
  if (typeof value !== "string" || value.length <= maxDescription) return;
  const length = countCharacters(value);
  if (length <= maxDescription) return;
  const message = `a description of ${length} characters is refused by some models, which take ${maxDescription}.`;
  at.warning(
    "likely_refused",
    message,
    `Shorten it to ${maxDescription} characters, or say it in a message.`,
  );
};

const anyText = text();
const maxDescription = 1024;

/** What is said of a function, in the shape of either endpoint. */
export const functionDefinition = {
  name: required(identifier),
  description,
  parameters: schema,
  strict: flag,
};

/** With `strict: true` the parameters are held to the strict subset, otherwise to what functions may have at all. */
export const functionParameters: Rule = (value, at: Inspection) => {
  if (!isObject(value)) return;
  at.enter("parameters");
  inspectFunctionSchema(value.parameters, value.strict === true, at);
  at.leave();
};

/** The grammar of a custom tool's input. */
export const grammar = { definition: required(text()), syntax: required(knownName("lark", "regex")) };
