import type {
  ChatCompletion,
  ChatCompletionMessage,
  ChatCompletionMessageToolCall,
} from "openai/resources/chat/completions";
import type { CompletionUsage } from "openai/resources/completions";
import { isObject } from "../../api/index.js";
import type { Random } from "../../format/index.js";
import { type CallableTool, chooseTool } from "./callable-tool.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { JsonFrame, varying } from "./json-frame.js";
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

const completionFrame = new JsonFrame<ChatCompletion>({
  id: varying,
  object: "chat.completion",
  created: varying,
  model: varying,
  choices: varying,
  usage: varying,
  service_tier: "default",
  system_fingerprint: "fp_rehearsal",
});

/** The body that `/v1/chat/completions` answers with. */
export function toChatCompletion(request: EndpointRequest): string {
  const { body, random, created } = request;
  refuseStream(body);
  refuseAudio(body);
  const model = readText(body, "model");
  const promptTokens = countPromptTokens(readList(body, "messages")) + 3;
  const asked = readChoices(request, model);
  const id = `"chatcmpl-${random.hex(29)}"`;
  const drafts = Array.from({ length: readCount(request, "n", { min: 1, max: 128 }) ?? 1 }, () =>
    toDraft(asked, random),
  );
  const choices = drafts.map((draft, index) => toChoice(draft, index, asked)).join(",");
  return completionFrame.write({
    id,
    created,
    model: JSON.stringify(rehearsalModelName(model)),
    choices: `[${choices}]`,
    usage: toUsage(promptTokens, drafts),
  });
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
  const { body, target, random, schemas, ending, ownText } = request;
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
    write: ownText === undefined ? write : () => ownText,
    tool: ownText === undefined ? tool : undefined,
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

const choiceFrame = new JsonFrame<ChatCompletion.Choice>({
  index: varying,
  message: varying,
  logprobs: null,
  finish_reason: varying,
});

function toChoice(draft: Draft, index: number, asked: Asked): string {
  return choiceFrame.write({
    index,
    message: toMessage(draft, asked),
    logprobs: asked.topLogprobs === undefined ? undefined : toLogprobs(draft, asked, asked.topLogprobs),
    finish_reason: `"${toFinishReason(draft, asked)}"`,
  });
}

const messageFrame = new JsonFrame<ChatCompletionMessage>({
  role: "assistant",
  annotations: [],
  content: null,
  refusal: null,
  function_call: varying,
  tool_calls: varying,
});

function toMessage({ text, callId }: Draft, { tool, isOldFunction, ending }: Asked): string {
  if (ending === "refusal") return messageFrame.write({ refusal: JSON.stringify(text) });
  if (tool === undefined) return messageFrame.write({ content: JSON.stringify(text) });
  const { name, kind } = tool;
  if (isOldFunction) {
    const call: ChatCompletionMessage.FunctionCall = { name, arguments: text };
    return messageFrame.write({ function_call: JSON.stringify(call) });
  }
  const call: ChatCompletionMessageToolCall =
    kind === "custom"
      ? { id: callId, type: "custom", custom: { name, input: text } }
      : { id: callId, type: "function", function: { name, arguments: text } };
  return messageFrame.write({ tool_calls: JSON.stringify([call]) });
}

function toLogprobs({ text }: Draft, { tool, ending }: Asked, alternatives: number): string {
  const list = () => splitTokens(text).map((token) => toTokenLogprob(token, alternatives));
  const logprobs: ChatCompletion.Choice["logprobs"] = {
    content: ending !== "refusal" && tool === undefined ? list() : null,
    refusal: ending === "refusal" ? list() : null,
  };
  return JSON.stringify(logprobs);
}

function toFinishReason(
  { isCut }: Draft,
  { tool, isOldFunction, ending }: Asked,
): ChatCompletion.Choice["finish_reason"] {
  if (isCut) return "length";
  if (ending === "refusal" || tool === undefined) return "stop";
  return isOldFunction ? "function_call" : "tool_calls";
}

const completionDetails = {
  reasoning_tokens: 0,
  audio_tokens: 0,
  accepted_prediction_tokens: 0,
  rejected_prediction_tokens: 0,
} satisfies CompletionUsage.CompletionTokensDetails;

const usageFrame = new JsonFrame<CompletionUsage>({
  prompt_tokens: varying,
  completion_tokens: varying,
  total_tokens: varying,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: completionDetails,
});

function toUsage(promptTokens: number, drafts: readonly Draft[]): string {
  let tokens = 0;
  let reasoning_tokens = 0;
  for (const draft of drafts) {
    tokens += draft.tokens;
    reasoning_tokens += draft.reasoningTokens;
  }
  return usageFrame.write({
    prompt_tokens: promptTokens,
    completion_tokens: tokens,
    total_tokens: promptTokens + tokens,
    completion_tokens_details:
      reasoning_tokens === 0 ? undefined : JSON.stringify({ ...completionDetails, reasoning_tokens }),
  });
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
