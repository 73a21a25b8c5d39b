import { object } from "../rule/object-rule.js";
import { knownName, required } from "../rule/rule.js";
import { model } from "./model.js";

const policy = object({ mode: required(knownName("score", "block")) });

/** Moderation of a request and its answer, as chat completions and responses take it. */
export const moderationPolicy = object({
  model: required(model),
  policy: object({ input: policy, output: policy }),
});
