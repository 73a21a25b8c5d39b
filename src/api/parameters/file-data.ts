import type { Inspection } from "../rule/inspection.js";
import { isPresent } from "../rule/is-present.js";
import { all, isObject, type Rule, text } from "../rule/rule.js";

const dataUrl = /^data:[\w.+-]+\/[\w.+-]+(?:;[\w=.-]+)*;base64,\S/i;

/**
 * A file in a message. OpenAI answers "Expected a base64-encoded data URL with an application/pdf MIME type (e.g.
 * 'data:application/pdf;base64,…'), but got a value without the 'data:' prefix", as public code quotes it, read November 2026.
 */
export const fileData: Rule = all(text(), (value, at) => {
  if (typeof value !== "string" || dataUrl.test(value)) return;
  const found = /^data:/i.test(value)
    ? "this data URL has no base64 text."
    : "this is no data URL: what comes before the base64 text is missing.";
  at.refused("invalid_value", found, 'Write "data:application/pdf;base64," and the bytes as base64.');
});

/** A part that names nothing it could be read from is likely to be refused. */
export function needsOneOf(...keys: readonly string[]): Rule {
  return (value, at: Inspection) => {
    if (!isObject(value) || keys.some((key) => isPresent(value[key]))) return;
    at.warning("likely_refused", `there is nothing to read it from.`, `Give it ${keys.join(" or ")}.`);
  };
}
