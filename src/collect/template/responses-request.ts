import type { Reasoning } from "openai/resources/shared";
import { isObject } from "../../api/index.js";
import { type Format, toTextFormat } from "../../format/index.js";
import { StructuredRequest } from "./common-request.js";
import type { PromptMessage } from "./message.js";
import type { ResponsesRequestParameters } from "./request-parameters.js";
import { toInputItems } from "./to-input-items.js";

/**
 * A request for `/v1/responses`, or what many of them have in common. It is checked when it is written.
 *
 * @example
 * ```ts
 * new ResponsesRequest({ model: "gpt-4o-mini", instructions: "You are a travel agent.", max_output_tokens: 500 });
 * ```
 */
export class ResponsesRequest extends StructuredRequest {
  readonly url = "/v1/responses";

  constructor(parameters: ResponsesRequestParameters) {
    super(parameters);
  }

  /** Replaces the input. Messages in the shape of chat become input items. */
  setInputMessages(messages: readonly PromptMessage[]): this {
    return this.set({ input: toInputItems(messages) });
  }

  protected toStructure(format: Format): object {
    const { text } = this.body;
    return { text: { ...(isObject(text) ? text : {}), format: toTextFormat(format) } };
  }
}

/**
 * How much a reasoning model thinks, and what it tells of it: the value of `reasoning` in a responses request.
 * What is not given is not sent; the service then decides. A plain object is as good.
 *
 * @example
 * ```ts
 * new ResponsesRequest({ model: "gpt-5.6-sol", reasoning: new ReasoningConfig({ effort: "low" }) });
 * ```
 */
export class ReasoningConfig {
  declare readonly effort?: NonNullable<Reasoning["effort"]>;
  declare readonly summary?: NonNullable<Reasoning["summary"]>;

  constructor(config: Pick<ReasoningConfig, "effort" | "summary">) {
    Object.assign(this, config);
  }
}
