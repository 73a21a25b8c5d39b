import { elsewhere } from "./parameters/elsewhere.js";
import { endpointParameters } from "./parameters/endpoint-parameters.js";
import { type Endpoint, endpoints } from "./request/endpoint.js";
import { modelOf } from "./request/model-of.js";
import { inspectModelRules } from "./request-rules/model-rules.js";
import { parameterConstraints } from "./request-rules/parameter-constraints.js";
import type { Inspection } from "./rule/inspection.js";
import { object } from "./rule/object-rule.js";
import { isObject, type Rule } from "./rule/rule.js";

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
