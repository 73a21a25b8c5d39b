import { byKey } from "../rule/by-key.js";
import { object } from "../rule/object-rule.js";
import { byType, mapOf, required, text } from "../rule/rule.js";
import { inputParts } from "./response-content.js";

const variable = byType("a string or an input part", { string: text(), object: byKey("type", inputParts) });

/** A prompt stored with the service: `prompt` of `/v1/responses`. */
export const prompt = object({ id: required(text({ min: 1 })), version: text(), variables: mapOf(variable) });
