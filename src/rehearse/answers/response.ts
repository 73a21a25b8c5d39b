import type {
  Response,
  ResponseOutputItem,
  ResponseOutputText,
  ResponseReasoningItem,
  ResponseUsage,
} from "openai/resources/responses/responses";
import { isObject } from "../../api/index.js";
import type { Random } from "../../format/index.js";
import { pickWords } from "../../format/index.js";
import { type CallableTool, chooseTool } from "./callable-tool.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { JsonFrame, varying } from "./json-frame.js";
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

/** A response as it is on the wire. `output_text` is the SDK's own, and two members its types leave out. */
type WireResponse = Omit<Response, "output_text"> & {
  readonly max_tool_calls: number | null;
  readonly store: boolean;
};

const usualReasoning = { effort: null, summary: null } satisfies Response["reasoning"];
const usualText = { format: { type: "text" }, verbosity: "medium" } satisfies Response["text"];

/** What the service fills in for what a request leaves out; all else it repeats. */
const defaults = {
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
} satisfies Partial<WireResponse>;

// Object.keys tells no more of a name than that it is a text.
const repeatedNames = Object.keys(defaults) as (keyof typeof defaults)[];

const responseFrame = new JsonFrame<WireResponse>({
  id: varying,
  object: "response",
  created_at: varying,
  status: "completed",
  background: false,
  completed_at: varying,
  error: null,
  incomplete_details: null,
  model: varying,
  output: varying,
  usage: varying,
  service_tier: "default",
  reasoning: usualReasoning,
  text: usualText,
  ...defaults,
  conversation: varying,
});

/** The body that `/v1/responses` answers with. */
export function toResponse(request: EndpointRequest): string {
  const { body, target, random, created, schemas, ending, ownText } = request;
  refuseStream(body);
  const model = readModel(body);
  const inputTokens = countPromptTokens(readInput(body)) + countPromptTokens(body.instructions) + 3;
  const write = toOutputWriter(readOptionalObject(body, "text")?.format, {
    schemas,
    target,
    param: "text.format",
  });
  const tools = readOptionalList(body, "tools") ?? [];
  const chosen = chooseTool({ tools, choice: body.tool_choice, isNested: false, schemas }, random);
  const tool = ownText === undefined ? chosen : undefined;
  const maxTokens = readCount(request, "max_output_tokens", { min: 16 }) ?? Infinity;
  const reasoning = readOptionalObject(body, "reasoning");
  // A model that may write little reasons little.
  const reasoningTokens = Math.min(
    toReasoningTokens(model, reasoning?.effort, random),
    Math.floor(maxTokens / 4),
  );
  const whole = ending === "refusal" ? toRefusal(random) : (ownText ?? (tool?.write ?? write)(random));
  const written = writeText(whole, {
    maxTokens: maxTokens - reasoningTokens,
    isTruncated: ending === "truncation",
  });
  const output = [
    ...(reasoningTokens === 0 ? [] : [toReasoningItem(body, random)]),
    toItem(written, ending === "refusal" ? "refusal" : tool, request),
  ];
  const { isCut, tokens } = written;
  return responseFrame.write({
    id: `"resp_${random.hex(48)}"`,
    created_at: created,
    status: isCut ? `"incomplete"` : undefined,
    background: body.background === true,
    completed_at: isCut ? "null" : created + 2,
    incomplete_details: isCut ? toCutDetails() : undefined,
    model: JSON.stringify(rehearsalModelName(model)),
    output: JSON.stringify(output),
    usage: toUsage(inputTokens, tokens + reasoningTokens, reasoningTokens),
    reasoning: toReasoning(body),
    text: toText(body),
    ...toRepeated(body),
    conversation: toConversation(body),
  });
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

function toCutDetails(): string {
  return JSON.stringify({ reason: "max_output_tokens" } satisfies Response.IncompleteDetails);
}

const usageFrame = new JsonFrame<ResponseUsage>({
  input_tokens: varying,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: varying,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: varying,
});

function toUsage(input: number, output: number, reasoning: number): string {
  return usageFrame.write({
    input_tokens: input,
    output_tokens: output,
    output_tokens_details: reasoning === 0 ? undefined : toOutputDetails(reasoning),
    total_tokens: input + output,
  });
}

function toOutputDetails(reasoning_tokens: number): string {
  return JSON.stringify({ reasoning_tokens } satisfies ResponseUsage.OutputTokensDetails);
}

/** What the request says itself, as it says it. */
function toRepeated(body: Body): { readonly [Name in keyof typeof defaults]?: string } {
  const repeated: { [Name in keyof typeof defaults]?: string } = {};
  for (const name of repeatedNames) if (body[name] != null) repeated[name] = JSON.stringify(body[name]);
  return repeated;
}

/** Repeated too, but with defaults inside. */
function toReasoning(body: Body): string | undefined {
  const reasoning = readOptionalObject(body, "reasoning");
  return reasoning && JSON.stringify({ ...usualReasoning, ...reasoning });
}

function toText(body: Body): string | undefined {
  const text: Response["text"] = readOptionalObject(body, "text");
  if (text === undefined) return undefined;
  const { format = usualText.format, verbosity = usualText.verbosity } = text;
  return JSON.stringify({ format, verbosity } satisfies Response["text"]);
}

function toConversation({ conversation }: Body): string | undefined {
  const id = isObject(conversation) ? String(conversation.id) : conversation;
  return typeof id === "string" ? JSON.stringify({ id } satisfies Response.Conversation) : undefined;
}
