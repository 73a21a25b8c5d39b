import { isObject } from "../../api/index.js";
import { type Format, type FormatOptions, toFormat, toTextFormat } from "../../format/index.js";
import type { PromptMessage } from "./message.js";
import {
  mergeParameters,
  type RequestBody,
  type ResponsesRequestParameters,
  toRequestBody,
} from "./request-parameters.js";
import { toInputItems } from "./to-input-items.js";

/**
 * A request for `/v1/responses`, or what many of them have in common. It is checked when it is written.
 *
 * @example
 * ```ts
 * new ResponsesRequest({ model: "gpt-4o-mini", instructions: "You are a travel agent.", max_output_tokens: 500 });
 * ```
 */
export class ResponsesRequest {
  readonly url = "/v1/responses";
  #body: RequestBody;
  #format: Format | undefined;

  constructor(parameters: ResponsesRequestParameters) {
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

  /** Replaces the input. Messages in the shape of chat become input items. */
  setInputMessages(messages: readonly PromptMessage[]): this {
    this.#body = mergeParameters(this.#body, { input: toInputItems(messages) });
    return this;
  }

  /**
   * Asks for an answer with the structure of a schema: a Standard Schema with JSON Schema (Zod, ArkType, …) or plain
   * JSON Schema. Other members of `text`, such as `verbosity`, stay.
   *
   * @throws OpenbatchError `invalid_schema` where strict structured outputs do not take the schema.
   */
  setOutputStructure(schema: object, options: FormatOptions = {}): this {
    const { text } = this.#body;
    this.#format = toFormat(schema, options);
    const format = toTextFormat(this.#format);
    this.#body = mergeParameters(this.#body, { text: { ...(isObject(text) ? text : {}), format } });
    return this;
  }
}
