import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import type { ResponseInputItem } from "openai/resources/responses/responses";

/**
 * A message of a prompt: one of chat (text, parts, tool calls, tool answers, null content), or an input item of
 * responses. A plain object is as good as a {@link Message}.
 */
export type PromptMessage = ChatCompletionMessageParam | ResponseInputItem;

type MessageRole = "system" | "developer" | "user" | "assistant";
type MessageContent = Extract<PromptMessage, { role: "user" }>["content"];

/**
 * A message with a role and content. For any other (tool calls, tool answers, items without a role) write the plain
 * object.
 *
 * @example
 * ```ts
 * new PromptTemplate([new Message({ role: "user", content: "Summarise: {text}" })]);
 * ```
 */
export class Message<
  const Role extends MessageRole = MessageRole,
  const Content extends MessageContent = MessageContent,
> {
  declare readonly role: Role;
  declare readonly content: Content;

  constructor(message: { readonly role: Role; readonly content: Content }) {
    Object.assign(this, message);
  }
}

/** The tool calls of an assistant's message of chat. */
export type PromptedCall = NonNullable<ChatCompletionAssistantMessageParam["tool_calls"]>[number];
