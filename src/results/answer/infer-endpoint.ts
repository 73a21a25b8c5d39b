import { type Endpoint, isObject } from "../../api/index.js";

const endpointsByObject: ReadonlyMap<unknown, Endpoint> = new Map([
  ["chat.completion", "/v1/chat/completions"],
  ["response", "/v1/responses"],
  ["text_completion", "/v1/completions"],
  ["video", "/v1/videos"],
]);

/** The endpoint that answers with such a body, where no request tells; images count as generated, not as edited. */
export function inferEndpoint(body: Readonly<Record<string, unknown>>): Endpoint | undefined {
  const known = endpointsByObject.get(body.object);
  if (known !== undefined) return known;
  if (Array.isArray(body.choices)) return inferFromChoice(body.choices[0]);
  if (hasFirst(body.results, "categories")) return "/v1/moderations";
  if (hasFirst(body.data, "embedding")) return "/v1/embeddings";
  const isImages = hasFirst(body.data, "b64_json") || hasFirst(body.data, "url");
  return isImages ? "/v1/images/generations" : undefined;
}

/** Some servers leave `object` out. */
function inferFromChoice(choice: unknown): Endpoint | undefined {
  if (!isObject(choice)) return undefined;
  if (isObject(choice.message)) return "/v1/chat/completions";
  return typeof choice.text === "string" ? "/v1/completions" : undefined;
}

function hasFirst(list: unknown, key: string): boolean {
  const [first]: readonly unknown[] = Array.isArray(list) ? list : [];
  return isObject(first) && key in first;
}
