import { type InferFormat, toFormat, toResponseFormat } from "../../format/index.js";
import type { RequestWriter } from "../file/request-writer.js";
import type { BulkCounts, BulkOptions, Rows } from "../file/write-many.js";
import type { ChatCompletionParameters, Exactly } from "./collector-parameters.js";
import {
  assertCallback,
  assertParameters,
  assertSchemaName,
  CreatingResource,
  type LineParts,
  toLineParts,
} from "./collector-resource.js";
import type { RequestRef } from "./request-ref.js";

/** The parameters of `create`, with a schema as `response_format`. */
export type ChatCompletionParseParameters<Schema = object> = Omit<
  ChatCompletionParameters,
  "response_format"
> & {
  /** What the answer is to be: a schema of any library, or what the SDK's helpers make of one. */
  readonly response_format?: Schema | null;
};

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
export class ChatCompletionsCollector extends CreatingResource<ChatCompletionParameters> {
  constructor(writer: RequestWriter) {
    super(writer, "/v1/chat/completions");
  }

  /**
   * Writes a chat completion request whose answer is to fit a schema. Without `response_format` it is `create`.
   *
   * @throws RequestError, or OpenbatchError `invalid_schema` for a schema that the service would refuse.
   */
  parse<const Schema extends object | undefined = undefined>(
    parameters: ChatCompletionParseParameters<Schema>,
  ): RequestRef<InferFormat<Schema>> {
    return this.collect(withFormat(parameters));
  }

  /** Writes a request for each row, as `createMany` does; what one row gives is as for `parse`. */
  parseMany<Row, Parameters extends ChatCompletionParseParameters>(
    rows: Rows<Row>,
    toParameters: (row: Row, index: number) => Exactly<ChatCompletionParseParameters, Parameters>,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    assertCallback(toParameters);
    return this.collectMany(rows, (row, index) => withFormat(toParameters(row, index)), options);
  }
}

function withFormat(parameters: ChatCompletionParseParameters<object | undefined>): LineParts {
  assertParameters(parameters);
  assertSchemaName(parameters, {
    url: "/v1/chat/completions",
    expected: "response_format",
    other: "text_format",
  });
  const { response_format, ...others } = parameters;
  if (response_format === undefined || response_format === null) return toLineParts(others);
  const format = toFormat(response_format);
  const { custom_id, ...body } = parameters;
  return { custom_id, body: { ...body, response_format: toResponseFormat(format) }, format };
}
