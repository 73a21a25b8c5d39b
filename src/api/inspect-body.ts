import type { Endpoint } from "./endpoint.js";
import type { Inspection } from "./inspection.js";
import { modelOf } from "./model-of.js";
import { object } from "./object-rule.js";
import { embeddingParameters } from "./parameters/embeddings.js";
import type { Rule } from "./rule.js";

const bodyRules: Partial<Record<Endpoint, Rule>> = {
  "/v1/embeddings": object(embeddingParameters),
};

/** Inspects the body of a request for one endpoint, where the inspection stands. */
export function inspectBody(url: Endpoint, body: unknown, at: Inspection): void {
  at.model = modelOf(body);
  bodyRules[url]?.(body, at);
}
