import { byKey } from "../rule/by-key.js";
import { describe } from "../rule/describe.js";
import { object } from "../rule/object-rule.js";
import { byType, mapOf, type Rule, required, text } from "../rule/rule.js";
import { inputParts } from "./response-content.js";

const variable = byType("a string or an input part", { string: text(), object: byKey("type", inputParts) });

/** A prompt stored with the service: `prompt` of `/v1/responses`. */
export const prompt: Rule = (value, at) => {
  if (typeof value !== "string") return storedPrompt(value, at);
  const message = `expected an object with the id of a stored prompt, found ${describe(value)}.`;
  at.error("invalid_type", message, "In /v1/responses the text of a prompt goes under input.");
};

const storedPrompt = object({ id: required(text({ min: 1 })), version: text(), variables: mapOf(variable) });
