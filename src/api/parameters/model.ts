import { describeName } from "../rule/describe.js";
import { all, type Rule, text } from "../rule/rule.js";

const notBlank: Rule = (value, at) => {
  if (typeof value !== "string" || !/\s/.test(value)) return;
  if (value.trim() !== "") {
    const message = `${describeName(value)} has a blank, which names of models don't have.`;
    return at.warning("likely_refused", message, "Write the name as the service lists it.");
  }
  at.error("invalid_value", "only white space is not allowed here.", "Give it the name of a model.");
};

/** Any name: models come and go, and other services have their own. */
export const model = all(text({ min: 1 }), notBlank);

/** What the service's batch validation says where there is no model. Source: recorded answers of OpenAI, August 2025. */
export const modelIsMissing = "Model parameter is required.";
