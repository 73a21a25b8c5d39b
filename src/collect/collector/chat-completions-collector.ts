import { type Format, toResponseFormat } from "../../format/index.js";
import type { RequestWriter, UncheckedRequest } from "../file/request-writer.js";
import type { ChatCompletionParameters } from "./collector-parameters.js";
import { type GivenParameters, ParsingResource } from "./parsing-resource.js";

/**
 * `collector.chat.completions`: writes requests for `/v1/chat/completions`.
 *
 * @example
 * ```ts
 * import { BatchCollector } from "openbatch";
 *
 * const collector = new BatchCollector("my_batch_job.jsonl");
 * collector.chat.completions.create({
 *   custom_id: "chat-req-1",
 *   model: "gpt-4o-mini",
 *   messages: [{ role: "user", content: "What is the capital of the Netherlands?" }],
 * });
 * ```
 */
export class ChatCompletionsCollector extends ParsingResource<ChatCompletionParameters, "response_format"> {
  constructor(writer: RequestWriter) {
    super(writer, "response_format");
  }

  protected toBody(parameters: GivenParameters, format: Format): UncheckedRequest["body"] {
    return { ...parameters, custom_id: undefined, response_format: toResponseFormat(format) };
  }
}
