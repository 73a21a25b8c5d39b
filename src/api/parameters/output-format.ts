import { byKey } from "../rule/by-key.js";
import type { Inspection } from "../rule/inspection.js";
import { object } from "../rule/object-rule.js";
import { all, anything, flag, identifier, isObject, type Rule, required } from "../rule/rule.js";
import { strictTypes } from "../strict-schema/keywords.js";
import { description } from "./function-definition.js";
import { inspectStrictSchema, schema } from "./strict-schema-rule.js";

const strictSchema: Rule = (value, at) => {
  if (!isObject(value) || value.strict !== true) return;
  at.enter("schema");
  inspectStrictSchema(value.schema, at);
  at.leave();
};

const named = { name: required(identifier), description, strict: flag };

/** "Unknown parameter: 'response_format.strict'": OpenAI's answer to what its own guide once showed. Source: BerriAI/litellm#10320. */
const misplaced: Rule = (_value, at) =>
  at.refused("unknown_parameter", "this belongs into json_schema.", nestedHint);

const nestedFormat = object({
  type: anything,
  json_schema: required(all(object({ ...named, schema }), strictSchema)),
  name: misplaced,
  description: misplaced,
  strict: misplaced,
});

const flatFormat = all(object({ type: anything, ...named, schema: required(schema) }), strictSchema);

const nestedHint = 'Write {"type":"json_schema","json_schema":{"name":…,"schema":…,"strict":true}}.';
const flatHint = 'Write {"type":"json_schema","name":…,"schema":…,"strict":true}.';

const plain = object({ type: anything });

const chatFormat = byKey("type", { text: plain, json_schema: nestedFormat, json_object: plain });
const responsesFormat = byKey("type", { text: plain, json_schema: flatFormat, json_object: plain });

/** `response_format` of `/v1/chat/completions`: name and schema stand under `json_schema`. */
export const responseFormat: Rule = (value, at) => {
  if (!isObject(value) || value.json_schema !== undefined) return chatFormat(value, at);
  if (isWrapped(value)) return reportWrapped(at);
  if (isBareSchema(value)) return reportBareSchema(nestedHint, at);
  if (isFlat(value)) return reportShape("/v1/responses", nestedHint, at);
  chatFormat(value, at);
};

/** `text.format` of `/v1/responses`: name and schema stand beside the type. */
export const textFormat: Rule = (value, at) => {
  if (!isObject(value) || isFlat(value)) return responsesFormat(value, at);
  if (isWrapped(value)) return reportWrapped(at);
  if (isBareSchema(value)) return reportBareSchema(flatHint, at);
  if (value.json_schema !== undefined) return reportShape("/v1/chat/completions", flatHint, at);
  responsesFormat(value, at);
};

function isFlat(value: Readonly<Record<string, unknown>>): boolean {
  return value.type === "json_schema" && value.schema !== undefined;
}

/** As the Python package writes it. Beside a type of its own a format may be one of another server: vLLM's structural_tag. */
function isWrapped({ format, type, ...others }: Readonly<Record<string, unknown>>): boolean {
  return isObject(format) && type === undefined && Object.keys(others).length === 0;
}

/** A JSON Schema in the place of a format. No server is known that has the name of one of its types for a format. */
function isBareSchema({ type, properties, $schema, $ref }: Readonly<Record<string, unknown>>): boolean {
  if (type === undefined) return isObject(properties) || $schema !== undefined || $ref !== undefined;
  return Array.isArray(type) || strictTypes.has(type);
}

function reportBareSchema(hint: string, at: Inspection): void {
  at.error(
    "wrong_response_format",
    "this is a JSON Schema itself, without a format around it.",
    `Give it to parse. ${hint}`,
  );
}

function reportWrapped(at: Inspection): void {
  at.error("wrong_response_format", 'the format is wrapped in a "format" that does not belong there.');
}

function reportShape(endpoint: string, hint: string, at: Inspection): void {
  at.error("wrong_response_format", `this is the shape that ${endpoint} takes.`, hint);
}
