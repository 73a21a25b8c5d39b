import { isObject } from "../api/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Names the service whose own shape a line of results has, which is not that of the Batch API. Source: recorded batches of
 * ruby_llm (August 2026), the SDKs of the services, read November 2026.
 */
export function findForeignService(line: JsonObject): string | undefined {
  const { result, batch_result, response } = line;
  if (isObject(result) && /^(?:succeeded|errored|canceled|expired)$/.test(`${result.type}`))
    return "Anthropic";
  if ("batch_request_id" in line && (isObject(batch_result) || "error_message" in line)) return "xAI";
  if ("recordId" in line && ("modelInput" in line || "modelOutput" in line)) return "Amazon Bedrock";
  const isGoogles = isObject(response) && ("candidates" in response || "promptFeedback" in response);
  if (isGoogles || ("key" in line && isObject(line.error) && !("custom_id" in line))) return "Gemini";
  return undefined;
}
