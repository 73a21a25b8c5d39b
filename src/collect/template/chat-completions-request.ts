import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { type Format, toResponseFormat } from "../../format/index.js";
import { StructuredRequest } from "./common-request.js";
import type { ChatCompletionsRequestParameters } from "./request-parameters.js";

/**
 * A request for `/v1/chat/completions`, or what many of them have in common. It is checked when it is written.
 *
 * @example
 * ```ts
 * const request = new ChatCompletionsRequest({ model: "gpt-4o-mini", temperature: 0.7 });
 * request.setInputMessages([{ role: "user", content: "What is the capital of the Netherlands?" }]);
 * ```
 */
export class ChatCompletionsRequest extends StructuredRequest {
  readonly url = "/v1/chat/completions";

  constructor(parameters: ChatCompletionsRequestParameters) {
    super(parameters);
  }

  /** Replaces the messages. */
  setInputMessages(messages: readonly ChatCompletionMessageParam[]): this {
    return this.set({ messages });
  }

  protected toStructure(format: Format): object {
    return { response_format: toResponseFormat(format) };
  }
}
