import { isObject } from "../api/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Names the service whose own shape a line of results has, which is not that of the Batch API. Source: recorded batches of
 * ruby_llm (August 2026), the SDKs of the services, read November 2026.
 */
export function findForeignService(line: JsonObject): string | undefined {
  const { result, response } = line;
  if (isObject(result) && typeof result.type === "string") return "Anthropic";
  if ("batch_request_id" in line) return "xAI";
  if ("recordId" in line) return "Amazon Bedrock";
  if (isGemini(line)) return "Gemini";
  if ("processed_time" in line || ("instance" in line && "predictions" in line)) return "Vertex AI";
  // Claude at Vertex, and answers without the status that lines of the Batch API have: OpenRouter and others.
  if (isObject(response) && response.type === "message") return "Anthropic";
  const isBare = isObject(response) && !("status_code" in response) && !("body" in response);
  return (isBare ? isAnswer(response) : isAnswer(line)) ? "a service that is not known here" : undefined;
}

/** A file of Google's has a `key`, and an answer that is like no other; what is sent in line has `metadata`. */
function isGemini(line: JsonObject): boolean {
  const { response, error, status } = line;
  if (isObject(response) && ("candidates" in response || "promptFeedback" in response)) return true;
  const isKeyed = "key" in line && !("custom_id" in line);
  return isKeyed && [response, error, status].some(isObject);
}

function isAnswer({ choices, output, content, data }: JsonObject): boolean {
  return [choices, output, content, data].some(Array.isArray);
}
