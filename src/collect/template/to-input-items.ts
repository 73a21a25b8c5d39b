import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionToolMessageParam,
} from "openai/resources/chat/completions";
import { isObject } from "../../api/index.js";
import type { PromptedCall, PromptMessage } from "./message.js";

/**
 * Messages as the input items of `/v1/responses`. What has the shape of chat gets that of responses: parts of text,
 * images and files, tool calls and their answers. Anything else stays as it is, for the check to judge.
 */
export function toInputItems(messages: readonly PromptMessage[]): readonly object[] {
  return messages.flatMap((message): object | object[] => {
    if (typeof message !== "object" || message === null || !("role" in message)) return message;
    switch (message.role) {
      case "tool":
        return toToolOutput(message);
      case "assistant":
        return "tool_calls" in message ? toCallItems(message) : withInputContent(message);
      default:
        return withInputContent(message);
    }
  });
}

function withInputContent(message: { readonly role: string; readonly content?: unknown }): object {
  return { ...message, content: toInputContent(message.content, message.role) };
}

function toToolOutput({ content, tool_call_id }: ChatCompletionToolMessageParam): object {
  return { type: "function_call_output", call_id: tool_call_id, output: toInputContent(content, "tool") };
}

function toCallItems({ tool_calls, ...message }: ChatCompletionAssistantMessageParam): object[] {
  const content = toInputContent(message.content, "assistant");
  const said = content === null || content === undefined ? [] : [{ ...message, content }];
  return [...said, ...(tool_calls ?? []).map(toCallItem)];
}

function toCallItem(call: PromptedCall): object {
  switch (call.type) {
    case "function":
      return { type: "function_call", call_id: call.id, ...call.function };
    case "custom":
      return { type: "custom_tool_call", call_id: call.id, ...call.custom };
    default:
      return call;
  }
}

function toInputContent(content: unknown, role: string): unknown {
  return Array.isArray(content) ? content.map((part) => toInputPart(part, role)) : content;
}

function toInputPart(part: unknown, role: string): unknown {
  if (!isObject(part)) return part;
  switch (part.type) {
    case "text":
      return { ...part, type: role === "assistant" ? "output_text" : "input_text" };
    case "image_url": {
      const { image_url, ...rest } = part;
      const { url, ...others } = isObject(image_url) ? image_url : { url: image_url };
      return { ...rest, type: "input_image", image_url: url, ...others };
    }
    case "file": {
      const { file, ...rest } = part;
      return { ...rest, type: "input_file", ...(isObject(file) ? file : { file }) };
    }
    default:
      return part;
  }
}
