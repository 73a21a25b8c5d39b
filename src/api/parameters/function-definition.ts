import type { Inspection } from "../rule/inspection.js";
import { flag, isObject, knownName, type Rule, required, text } from "../rule/rule.js";
import { inspectStrictSchema, schema } from "./strict-schema-rule.js";

/** What is said of a function, in the shape of either endpoint. */
export const functionDefinition = {
  name: required(text({ min: 1 })),
  description: text(),
  parameters: schema,
  strict: flag,
};

/** With `strict: true` the parameters are held to the strict subset. */
export const strictParameters: Rule = (value, at: Inspection) => {
  if (!isObject(value) || value.strict !== true) return;
  at.enter("parameters");
  inspectStrictSchema(value.parameters, at);
  at.leave();
};

/** The grammar of a custom tool's input. */
export const grammar = { definition: required(text()), syntax: required(knownName("lark", "regex")) };
