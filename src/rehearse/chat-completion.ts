import type { ChatCompletion } from "openai/resources/chat/completions";
import { isObject } from "../api/index.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { toRehearsedText } from "./rehearsed-text.js";
import { missingParameter, wrongParameter } from "./service-error.js";
import { estimateTokens } from "./token-estimate.js";

/** The body that `/v1/chat/completions` answers with. */
export function toChatCompletion({ body, random, created }: EndpointRequest): string {
  if (body.model === undefined) throw missingParameter("model");
  if (typeof body.model !== "string") throw wrongParameter("model", "a string");
  if (body.messages === undefined) throw missingParameter("messages");
  if (!Array.isArray(body.messages)) throw wrongParameter("messages", "an array of objects");
  const id = `chatcmpl-${random.hex(29)}`;
  const content = toRehearsedText(random);
  const promptTokens = body.messages.reduce((sum, message) => sum + countMessage(message), 3);
  const completionTokens = estimateTokens(content);
  return JSON.stringify({
    id,
    object: "chat.completion",
    created,
    model: rehearsalModelName(body.model),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  } satisfies ChatCompletion);
}

function countMessage(message: unknown): number {
  return isObject(message) && typeof message.content === "string" ? 3 + estimateTokens(message.content) : 3;
}
