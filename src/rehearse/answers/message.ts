import { isObject } from "../../api/index.js";
import { type CallableTool, chooseTool } from "./callable-tool.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { toOutputWriter } from "./output-format.js";
import { readCount, readList, readOptionalList, readText, refuseStream } from "./read-body.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { type RehearsedError, toMissingParameter } from "./rehearsed-error.js";
import { toRefusal } from "./rehearsed-text.js";
import { countPromptTokens } from "./token-estimate.js";
import { writeText } from "./written-text.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Where Anthropic's messages are asked for. */
export const messagesURL = "/v1/messages";

/** The body that `/v1/messages` answers with. Source of its shape: recorded batches of ruby_llm, August 2026. */
export function toMessage(request: EndpointRequest): string {
  const { body, random, ending, ownText } = request;
  refuseStream(body);
  const model = readText(body, "model");
  const messages = readList(body, "messages");
  const maxTokens = readCount(request, "max_tokens", { min: 1 });
  if (maxTokens === undefined) throw toMissingParameter("max_tokens");
  const tool = ownText === undefined ? findTool(request) : undefined;
  const whole =
    ending === "refusal"
      ? toRefusal(random)
      : (ownText ?? (tool?.write ?? toOutputWriter(findFormat(body), place(request)))(random));
  const { text, tokens, isCut } = writeText(whole, { maxTokens, isTruncated: ending === "truncation" });
  return JSON.stringify({
    model: rehearsalModelName(model),
    id: `msg_${random.hex(24)}`,
    type: "message",
    role: "assistant",
    content: toContent({ text, tool: isCut ? undefined : tool, ending, id: `toolu_${random.hex(24)}` }),
    stop_reason:
      ending === "refusal" ? "refusal" : isCut ? "max_tokens" : tool === undefined ? "end_turn" : "tool_use",
    stop_sequence: null,
    stop_details: ending === "refusal" ? { type: "refusal", category: null, explanation: text } : null,
    usage: {
      input_tokens: countPromptTokens([body.system, ...messages]),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: tokens,
      service_tier: "standard",
      inference_geo: "not_available",
    },
  });
}

interface Draft {
  readonly text: string;
  readonly tool: CallableTool | undefined;
  readonly ending: EndpointRequest["ending"];
  readonly id: string;
}

function toContent({ text, tool, ending, id }: Draft): readonly JsonObject[] {
  if (ending === "refusal") return [];
  if (tool === undefined) return [{ type: "text", text }];
  return [{ type: "tool_use", id, name: tool.name, input: JSON.parse(text) }];
}

function place({ schemas, target }: EndpointRequest) {
  return { schemas, target, param: "output_config.format", nestedIn: "json_schema" } as const;
}

/** The format as a chat completion asks for it. */
function findFormat({ output_config }: JsonObject): unknown {
  const format = isObject(output_config) ? output_config.format : undefined;
  if (!isObject(format)) return undefined;
  return { type: format.type, json_schema: { name: "answer", schema: format.schema } };
}

/** Tools and the choice among them as a chat completion has them. */
function findTool({ body, random, schemas }: EndpointRequest): CallableTool | undefined {
  const tools = (readOptionalList(body, "tools") ?? []).map((tool) =>
    isObject(tool)
      ? { type: "function", function: { name: tool.name, parameters: tool.input_schema } }
      : tool,
  );
  const { type, name } = isObject(body.tool_choice) ? body.tool_choice : {};
  const choice =
    type === "any" ? "required" : type === "tool" ? { type: "function", function: { name } } : undefined;
  return chooseTool({ tools, choice, isNested: true, schemas }, random);
}

/** Source: the error types of Anthropic's pages, November 2026. */
const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

/** What Anthropic answers in the place of a message. */
export function toMessageError({ status, message }: Pick<RehearsedError, "status" | "message">): string {
  const type = errorTypes[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
  return JSON.stringify({ type: "error", error: { type, message, details: null }, request_id: null });
}
