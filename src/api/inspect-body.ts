import { type Endpoint, endpoints } from "./endpoint.js";
import type { Inspection } from "./inspection.js";
import { modelOf } from "./model-of.js";
import { inspectModelRules } from "./model-rules.js";
import { object } from "./object-rule.js";
import { parameterConstraints } from "./parameter-constraints.js";
import { elsewhere } from "./parameters/elsewhere.js";
import { endpointParameters } from "./parameters/endpoint-parameters.js";
import { isObject, type Rule } from "./rule.js";

const bodyRules: ReadonlyMap<Endpoint, Rule> = new Map(
  endpoints.map((url) => [url, object(endpointParameters[url], { elsewhere: elsewhere(url) })]),
);

/** Inspects the body of a request for one endpoint, where the inspection stands. */
export function inspectBody(url: Endpoint, body: unknown, at: Inspection): void {
  at.model = modelOf(body);
  bodyRules.get(url)?.(body, at);
  if (!isObject(body)) return;
  for (const inspectConstraint of parameterConstraints[url]) inspectConstraint(body, at);
  inspectModelRules(url, body, at);
}
