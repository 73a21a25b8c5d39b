import { elsewhere } from "./parameters/elsewhere.js";
import { endpointParameters } from "./parameters/endpoint-parameters.js";
import { type Endpoint, endpoints, isEndpoint } from "./request/endpoint.js";
import { modelOf } from "./request/model-of.js";
import { inspectModelRules } from "./request-rules/model-rules.js";
import { parameterConstraints } from "./request-rules/parameter-constraints.js";
import { inspectCharacters } from "./rule/half-characters.js";
import type { Inspection } from "./rule/inspection.js";
import { object } from "./rule/object-rule.js";
import { isObject, type Rule } from "./rule/rule.js";

const bodyRules: ReadonlyMap<Endpoint, Rule> = new Map(
  endpoints.map((url) => [url, object(endpointParameters[url], { elsewhere: elsewhere(url) })]),
);

/** Inspects the body of a request for one endpoint, where the inspection stands. */
export function inspectBody(url: Endpoint, body: unknown, at: Inspection): void {
  at.model = modelOf(body);
  inspectCharacters(body, at);
  if ((at.target === "openbatch" || at.service !== undefined) && isChatEmbedding(url, body))
    return reportChatEmbedding(at);
  bodyRules.get(url)?.(body, at);
  // A path of another server has no rules here.
  if (!isObject(body) || !isEndpoint(url)) return;
  for (const inspectConstraint of parameterConstraints[url]) inspectConstraint(body, at);
  inspectModelRules(url, body, at);
}

/** vLLM embeds a conversation, images and all, where `messages` stand in the place of `input`. */
function isChatEmbedding(url: Endpoint, body: unknown): boolean {
  return (
    url === "/v1/embeddings" && isObject(body) && body.input === undefined && Array.isArray(body.messages)
  );
}

function reportChatEmbedding(at: Inspection): void {
  at.inside("messages", () => {
    const message = "messages to be embedded are a matter of some servers, which OpenAI does not have.";
    at.refused("unknown_parameter", message, "What the server takes there is not checked here.");
  });
}
