import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { type Format, type FormatOptions, toFormat, toResponseFormat } from "../../format/index.js";
import {
  type ChatCompletionsRequestParameters,
  mergeParameters,
  type RequestBody,
  toRequestBody,
} from "./request-parameters.js";

/**
 * A request for `/v1/chat/completions`, or what many of them have in common. It is checked when it is written.
 *
 * @example
 * ```ts
 * const request = new ChatCompletionsRequest({ model: "gpt-4o-mini", temperature: 0.7 });
 * request.setInputMessages([{ role: "user", content: "What is the capital of the Netherlands?" }]);
 * ```
 */
export class ChatCompletionsRequest {
  readonly url = "/v1/chat/completions";
  #body: RequestBody;
  #format: Format | undefined;

  constructor(parameters: ChatCompletionsRequestParameters) {
    this.#body = toRequestBody(parameters);
  }

  /** The parameters as they will be sent. */
  get body(): RequestBody {
    return this.#body;
  }

  /** The structure asked of the answer by {@link setOutputStructure}. */
  get format(): Format | undefined {
    return this.#format;
  }

  /** Replaces the messages. */
  setInputMessages(messages: readonly ChatCompletionMessageParam[]): this {
    this.#body = mergeParameters(this.#body, { messages });
    return this;
  }

  /**
   * Asks for an answer with the structure of a schema: a Standard Schema with JSON Schema (Zod, ArkType, …) or plain
   * JSON Schema.
   *
   * @throws OpenbatchError `invalid_schema` where strict structured outputs do not take the schema.
   */
  setOutputStructure(schema: object, options: FormatOptions = {}): this {
    this.#format = toFormat(schema, options);
    this.#body = mergeParameters(this.#body, { response_format: toResponseFormat(this.#format) });
    return this;
  }
}
