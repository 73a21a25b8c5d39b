import type { Inspection } from "../rule/inspection.js";
import { flag, identifier, isObject, knownName, type Rule, required, text } from "../rule/rule.js";
import { inspectFunctionSchema, schema } from "./strict-schema-rule.js";

/** What is said of a function, in the shape of either endpoint. */
export const functionDefinition = {
  name: required(identifier),
  description: text(),
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
