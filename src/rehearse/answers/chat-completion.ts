import type {
  ChatCompletion,
  ChatCompletionMessage,
  ChatCompletionMessageToolCall,
} from "openai/resources/chat/completions";
import { isObject } from "../../api/index.js";
import type { Random } from "../../format/index.js";
import { type CallableTool, chooseTool } from "./callable-tool.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { toOutputWriter } from "./output-format.js";
import { readCount, readList, readOptionalList, readText, refuseStream } from "./read-body.js";
import { toReasoningTokens } from "./reasoning.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { RehearsedError } from "./rehearsed-error.js";
import { toRefusal } from "./rehearsed-text.js";
import type { TextWriter } from "./schema-texts.js";
import { countPromptTokens, splitTokens } from "./token-estimate.js";
import { toTokenLogprob } from "./token-logprob.js";
import { writeText } from "./written-text.js";

/**
 * The body that `/v1/chat/completions` answers with. What is the same in all of them is JSON already: to go through it as an object takes
 * longer than all the rest of an answer.
 */
export function toChatCompletion(request: EndpointRequest): string {
  const { body, random, created } = request;
  refuseStream(body);
  refuseAudio(body);
  const model = readText(body, "model");
  const promptTokens = countPromptTokens(readList(body, "messages")) + 3;
  const asked = readChoices(request, model);
  const id = `chatcmpl-${random.hex(29)}`;
  const drafts = Array.from({ length: readCount(request, "n", { min: 1, max: 128 }) ?? 1 }, () =>
    toDraft(asked, random),
  );
  const choices = drafts.map((draft, index) => toChoice(draft, index, asked)).join(",");
  const named = JSON.stringify(rehearsalModelName(model));
  return `{"id":"${id}","object":"chat.completion","created":${created},"model":${named},"choices":[${choices}],"usage":${toUsage(promptTokens, drafts)},"service_tier":"default","system_fingerprint":"fp_rehearsal"}`;
}

/** What is asked of each choice. */
interface Asked {
  readonly write: TextWriter;
  readonly tool: CallableTool | undefined;
  /** Whether the tool is one of the older `functions`. */
  readonly isOldFunction: boolean;
  readonly maxTokens: number | undefined;
  readonly reasoningTokens: number;
  readonly ending: EndpointRequest["ending"];
  /** How many alternatives for each token; `undefined` for none of it. */
  readonly topLogprobs: number | undefined;
}

function readChoices(request: EndpointRequest, model: string): Asked {
  const { body, target, random, schemas, ending } = request;
  const place = { schemas, target, param: "response_format", nestedIn: "json_schema" } as const;
  const write = toOutputWriter(body.response_format, place);
  const maxTokens =
    readCount(request, "max_completion_tokens", { min: 0 }) ?? readCount(request, "max_tokens", { min: 0 });
  const functions = readOptionalList(body, "functions");
  const tool = chooseTool(
    functions === undefined
      ? { tools: readOptionalList(body, "tools") ?? [], choice: body.tool_choice, isNested: true, schemas }
      : { tools: functions.map(toTool), choice: toToolChoice(body.function_call), isNested: false, schemas },
    random,
  );
  return {
    write,
    tool,
    isOldFunction: functions !== undefined,
    maxTokens,
    reasoningTokens: toReasoningTokens(model, body.reasoning_effort, random),
    ending,
    topLogprobs:
      body.logprobs === true ? (readCount(request, "top_logprobs", { min: 0, max: 20 }) ?? 0) : undefined,
  };
}

/** One choice before it is put into the shape of the wire. */
interface Draft {
  readonly text: string;
  readonly isCut: boolean;
  readonly callId: string;
  readonly tokens: number;
  readonly reasoningTokens: number;
}

function toDraft(
  { write, tool, maxTokens = Infinity, reasoningTokens, ending }: Asked,
  random: Random,
): Draft {
  const whole = ending === "refusal" ? toRefusal(random) : (tool?.write ?? write)(random);
  // A model that may write little reasons little.
  const reasoning = Math.min(reasoningTokens, Math.floor(maxTokens / 4));
  const { text, tokens, isCut } = writeText(whole, {
    maxTokens: maxTokens - reasoning,
    isTruncated: ending === "truncation",
  });
  const callId = tool === undefined ? "" : `call_${random.hex(24)}`;
  return { text, isCut, callId, tokens: tokens + reasoning, reasoningTokens: reasoning };
}

function toChoice(draft: Draft, index: number, asked: Asked): string {
  const { text } = draft;
  const { tool, ending } = asked;
  const refusal = ending === "refusal" ? text : null;
  const content = ending === "refusal" || tool !== undefined ? null : text;
  const calls = ending === "refusal" || tool === undefined ? undefined : toCalls(tool, draft, asked);
  const message = `{"role":"assistant","annotations":[],"content":${JSON.stringify(content)},"refusal":${JSON.stringify(refusal)}${calls ?? ""}}`;
  const logprobs = JSON.stringify(toLogprobs({ content, refusal }, asked));
  const reason = toFinishReason(draft, calls !== undefined, asked);
  return `{"index":${index},"message":${message},"logprobs":${logprobs},"finish_reason":"${reason}"}`;
}

/** The last member of a message that calls a tool. */
function toCalls(tool: CallableTool, { text, callId }: Draft, { isOldFunction }: Asked): string {
  const { name, kind } = tool;
  if (isOldFunction) {
    const call: ChatCompletionMessage.FunctionCall = { name, arguments: text };
    return `,"function_call":${JSON.stringify(call)}`;
  }
  const call: ChatCompletionMessageToolCall =
    kind === "custom"
      ? { id: callId, type: "custom", custom: { name, input: text } }
      : { id: callId, type: "function", function: { name, arguments: text } };
  return `,"tool_calls":[${JSON.stringify(call)}]`;
}

function toFinishReason(
  { isCut }: Draft,
  hasCalls: boolean,
  { isOldFunction }: Asked,
): ChatCompletion.Choice["finish_reason"] {
  if (isCut) return "length";
  if (!hasCalls) return "stop";
  return isOldFunction ? "function_call" : "tool_calls";
}

function toLogprobs(
  { content, refusal }: Pick<ChatCompletionMessage, "content" | "refusal">,
  { topLogprobs }: Asked,
): ChatCompletion.Choice["logprobs"] {
  if (topLogprobs === undefined) return null;
  const list = (text: string | null) =>
    text === null ? null : splitTokens(text).map((token) => toTokenLogprob(token, topLogprobs));
  return { content: list(content), refusal: list(refusal) };
}

function toUsage(promptTokens: number, drafts: readonly Draft[]): string {
  let tokens = 0;
  let reasoningTokens = 0;
  for (const draft of drafts) {
    tokens += draft.tokens;
    reasoningTokens += draft.reasoningTokens;
  }
  return `{"prompt_tokens":${promptTokens},"completion_tokens":${tokens},"total_tokens":${promptTokens + tokens},"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":${reasoningTokens},"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}`;
}

/** One of the older `functions` as the tool that it is. */
function toTool(definition: unknown): unknown {
  return isObject(definition) ? { ...definition, type: "function" } : definition;
}

function toToolChoice(functionCall: unknown): unknown {
  return isObject(functionCall) ? { ...functionCall, type: "function" } : functionCall;
}

function refuseAudio(body: EndpointRequest["body"]): void {
  if (!Array.isArray(body.modalities) || !body.modalities.includes("audio")) return;
  const message = "A rehearsal answers in text alone.";
  throw new RehearsedError(400, message, { param: "modalities", code: "unsupported_value" });
}
