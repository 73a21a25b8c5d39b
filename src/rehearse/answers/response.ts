import type {
  Response,
  ResponseOutputItem,
  ResponseOutputText,
  ResponseReasoningItem,
} from "openai/resources/responses/responses";
import { isObject } from "../../api/index.js";
import type { Random } from "../../format/index.js";
import { pickWords } from "../../format/index.js";
import { type CallableTool, chooseTool } from "./callable-tool.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { toOutputWriter } from "./output-format.js";
import {
  readCount,
  readOptionalList,
  readOptionalObject,
  readOptionalText,
  readText,
  refuseStream,
} from "./read-body.js";
import { toReasoningTokens } from "./reasoning.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { toMissingParameter } from "./rehearsed-error.js";
import { toRefusal } from "./rehearsed-text.js";
import { countPromptTokens, splitTokens } from "./token-estimate.js";
import { toTokenLogprob } from "./token-logprob.js";
import { type WrittenText, writeText } from "./written-text.js";

type Body = EndpointRequest["body"];

/**
 * The body that `/v1/responses` answers with. `output_text` is the SDK's own and never on the wire. What is the same in most is JSON
 * already, as in a chat completion.
 */
export function toResponse(request: EndpointRequest): string {
  const { body, target, random, created, schemas, ending } = request;
  refuseStream(body);
  const model = readModel(body);
  const inputTokens = countPromptTokens(readInput(body)) + countPromptTokens(body.instructions) + 3;
  const write = toOutputWriter(readOptionalObject(body, "text")?.format, {
    schemas,
    target,
    param: "text.format",
  });
  const tools = readOptionalList(body, "tools") ?? [];
  const tool = chooseTool({ tools, choice: body.tool_choice, isNested: false, schemas }, random);
  const maxTokens = readCount(request, "max_output_tokens", { min: 16 }) ?? Infinity;
  const reasoning = readOptionalObject(body, "reasoning");
  // A model that may write little reasons little.
  const reasoningTokens = Math.min(
    toReasoningTokens(model, reasoning?.effort, random),
    Math.floor(maxTokens / 4),
  );
  const written = writeText(ending === "refusal" ? toRefusal(random) : (tool?.write ?? write)(random), {
    maxTokens: maxTokens - reasoningTokens,
    isTruncated: ending === "truncation",
  });
  const output = [
    ...(reasoningTokens === 0 ? [] : [toReasoningItem(body, random)]),
    toItem(written, ending === "refusal" ? "refusal" : tool, request),
  ];
  const { isCut, tokens } = written;
  const end = isCut
    ? `"completed_at":null,"error":null,"incomplete_details":{"reason":"max_output_tokens"}`
    : `"completed_at":${created + 2},"error":null,"incomplete_details":null`;
  const state = `"status":"${isCut ? "incomplete" : "completed"}","background":${body.background === true},${end}`;
  const answer = `"model":${JSON.stringify(rehearsalModelName(model))},"output":${JSON.stringify(output)},"usage":${toUsage(inputTokens, tokens + reasoningTokens, reasoningTokens)}`;
  return `{"id":"resp_${random.hex(48)}","object":"response","created_at":${created},${state},${answer},"service_tier":"default",${toSettings(body)},${toRepeated(body)}${toConversation(body)}}`;
}

/** Absent where a reusable prompt brings its own. */
function readModel(body: Body): string {
  return body.prompt === undefined ? readText(body, "model") : (readOptionalText(body, "model") ?? "default");
}

function readInput(body: Body): unknown {
  if (typeof body.input === "string") return body.input;
  const items = readOptionalList(body, "input");
  if (items === undefined && body.prompt === undefined) throw toMissingParameter("input");
  return items;
}

function toReasoningItem(body: Body, random: Random): ResponseReasoningItem {
  const summary = readOptionalObject(body, "reasoning")?.summary;
  const include = readOptionalList(body, "include") ?? [];
  return {
    id: `rs_${random.hex(48)}`,
    type: "reasoning",
    summary:
      typeof summary === "string"
        ? [{ type: "summary_text", text: `Rehearsed reasoning: ${pickWords(random, 5)}.` }]
        : [],
    ...(include.includes("reasoning.encrypted_content") ? { encrypted_content: random.hex(64) } : {}),
  };
}

function toItem(
  { text, isCut }: WrittenText,
  what: CallableTool | "refusal" | undefined,
  request: EndpointRequest,
): ResponseOutputItem {
  const status = isCut ? "incomplete" : "completed";
  const { random } = request;
  const id = random.hex(48);
  if (what === "refusal") {
    return {
      id: `msg_${id}`,
      type: "message",
      status,
      role: "assistant",
      content: [{ type: "refusal", refusal: text }],
    };
  }
  if (what === undefined) {
    const logprobs = toLogprobs(text, request);
    const content = [{ type: "output_text" as const, annotations: [], logprobs, text }];
    return { id: `msg_${id}`, type: "message", status, role: "assistant", content };
  }
  const call_id = `call_${random.hex(24)}`;
  const { name } = what;
  if (what.kind === "custom")
    return { id: `ctc_${id}`, type: "custom_tool_call", call_id, name, input: text };
  return { id: `fc_${id}`, type: "function_call", status, call_id, name, arguments: text };
}

function toLogprobs(text: string, request: EndpointRequest): ResponseOutputText.Logprob[] {
  if (readOptionalList(request.body, "include")?.includes("message.output_text.logprobs") !== true) return [];
  const alternatives = readCount(request, "top_logprobs", { min: 0, max: 20 }) ?? 0;
  return splitTokens(text).map((token) => toTokenLogprob(token, alternatives));
}

function toUsage(input: number, output: number, reasoning: number): string {
  return `{"input_tokens":${input},"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":${output},"output_tokens_details":{"reasoning_tokens":${reasoning}},"total_tokens":${input + output}}`;
}

/** What a response repeats of its request. Two of them the SDK's types leave out. */
type Repeated = Pick<
  Response,
  | "instructions"
  | "max_output_tokens"
  | "metadata"
  | "parallel_tool_calls"
  | "previous_response_id"
  | "prompt_cache_key"
  | "safety_identifier"
  | "temperature"
  | "tool_choice"
  | "tools"
  | "top_logprobs"
  | "top_p"
  | "truncation"
> & { readonly max_tool_calls: number | null; readonly store: boolean };

/** What the service fills in for what a request leaves out. */
const defaults: Repeated = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  safety_identifier: null,
  store: true,
  temperature: 1,
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
};

/** The same, each as a member of JSON. */
const defaultMembers: readonly (readonly [name: string, member: string])[] = Object.entries(defaults).map(
  ([name, value]) => [name, toMember(name, value)],
);

function toRepeated(body: Body): string {
  return defaultMembers
    .map(([name, member]) => (body[name] == null ? member : toMember(name, body[name])))
    .join(",");
}

function toMember(name: string, value: unknown): string {
  return `"${name}":${JSON.stringify(value)}`;
}

/** Repeated too, but with defaults inside. */
function toSettings(body: Body): string {
  const text = readOptionalObject(body, "text");
  // As the caller wrote them.
  const reasoning = readOptionalObject(body, "reasoning") as Response["reasoning"] | undefined;
  return `${reasoning === undefined ? usualReasoning : toReasoning(reasoning)},${text === undefined ? usualText : toText(text)}`;
}

function toReasoning(reasoning: Response["reasoning"]): string {
  return toMember("reasoning", { effort: null, summary: null, ...reasoning } satisfies Response["reasoning"]);
}

function toText(text: NonNullable<Response["text"]>): string {
  const { format = { type: "text" }, verbosity = "medium" } = text;
  return toMember("text", { format, verbosity } satisfies Response["text"]);
}

const usualReasoning = toReasoning(null);
const usualText = toText({});

/** The last member, if there is a conversation. */
function toConversation({ conversation }: Body): string {
  if (typeof conversation === "string") return `,${toMember("conversation", { id: conversation })}`;
  return isObject(conversation) ? `,${toMember("conversation", { id: String(conversation.id) })}` : "";
}
