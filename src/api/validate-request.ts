import type { Problem } from "../errors/index.js";
import type { Endpoint } from "./endpoint.js";
import { Inspection, type InspectionOptions } from "./inspection.js";
import { object } from "./object-rule.js";
import { embeddingParameters } from "./parameters/embeddings.js";
import type { Rule } from "./rule.js";

const bodyRules: Partial<Record<Endpoint, Rule>> = {
  "/v1/embeddings": object(embeddingParameters),
};

/** Everything that is known to be wrong, or likely to be, with the body of a request for one endpoint. */
export function validateBody(
  url: Endpoint,
  body: unknown,
  options: InspectionOptions = {},
): readonly Problem[] {
  const at = new Inspection(options);
  at.enter("body");
  bodyRules[url]?.(body, at);
  at.leave();
  return at.problems;
}
