import type { Completion, CompletionChoice } from "openai/resources/completions";
import type { EndpointRequest } from "./endpoint-request.js";
import { readCount, readText, refuseStream } from "./read-body.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { toMissingParameter, toWrongParameter } from "./rehearsed-error.js";
import { toRefusal, toRehearsedText } from "./rehearsed-text.js";
import { countPromptTokens, splitTokens } from "./token-estimate.js";
import { writeText } from "./written-text.js";

/** The service's own limit where a request has none. */
const usualMaxTokens = 16;

/** The body that `/v1/completions` answers with: `n` choices for each prompt. */
export function toCompletion(request: EndpointRequest): string {
  const { body, random, created, ending, ownText } = request;
  refuseStream(body);
  const model = readText(body, "model");
  const prompts = readPrompts(body);
  const perPrompt = readCount(request, "n", { min: 1, max: 128 }) ?? 1;
  const maxTokens = readCount(request, "max_tokens", { min: 0 }) ?? usualMaxTokens;
  const hasLogprobs = readCount(request, "logprobs", { min: 0, max: 5 }) !== undefined;
  const id = `cmpl-${random.hex(29)}`;
  const asked = prompts.flatMap((prompt) => Array.from({ length: perPrompt }, () => prompt));
  const drafts = asked.map((prompt) => {
    const whole = ending === "refusal" ? toRefusal(random) : (ownText ?? toRehearsedText(random));
    const written = writeText(whole, { maxTokens, isTruncated: ending === "truncation" });
    const isEchoed = body.echo === true && typeof prompt === "string";
    return { ...written, text: `${isEchoed ? prompt : ""}${written.text}` };
  });
  const promptTokens = countPromptTokens(prompts);
  const completionTokens = drafts.reduce((sum, { tokens }) => sum + tokens, 0);
  return JSON.stringify({
    id,
    object: "text_completion",
    created,
    model: rehearsalModelName(model),
    choices: drafts.map(
      ({ text, isCut }, index): CompletionChoice => ({
        text,
        index,
        logprobs: hasLogprobs ? toLogprobs(text) : null,
        finish_reason: ending === "refusal" ? "content_filter" : isCut ? "length" : "stop",
      }),
    ),
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  } satisfies Completion);
}

/** One text or list of tokens for each prompt. No prompt at all is written `null`. */
function readPrompts({ prompt }: EndpointRequest["body"]): readonly unknown[] {
  if (prompt === undefined) throw toMissingParameter("prompt");
  if (prompt === null || typeof prompt === "string") return [prompt ?? ""];
  if (!Array.isArray(prompt)) throw toWrongParameter("prompt", "a string or an array", prompt);
  return typeof prompt[0] === "number" || prompt.length === 0 ? [prompt] : prompt;
}

function toLogprobs(text: string): CompletionChoice.Logprobs {
  const tokens = splitTokens(text);
  let offset = 0;
  const text_offset = tokens.map((token) => {
    offset += token.length;
    return offset - token.length;
  });
  return {
    tokens: [...tokens],
    token_logprobs: tokens.map(() => -0.125),
    top_logprobs: tokens.map((token) => ({ [token]: -0.125 })),
    text_offset,
  };
}
