import { describe } from "../../api/index.js";
import { hintOf, RequestError } from "../../errors/index.js";
import { type InferFormat, toFormat, toTextFormat } from "../../format/index.js";
import type { RequestWriter } from "../file/request-writer.js";
import type { BulkCounts, BulkOptions, Rows } from "../file/write-many.js";
import type { Exactly, ResponseParameters } from "./collector-parameters.js";
import {
  assertCallback,
  assertParameters,
  assertSchemaName,
  CreatingResource,
  type LineParts,
  toLineParts,
} from "./collector-resource.js";
import type { RequestRef } from "./request-ref.js";

/** The parameters of `create`, with a schema as `text_format`. Other members of `text` stay. */
export type ResponseParseParameters<Schema = object> = ResponseParameters & {
  /** What the answer is to be: a schema of any library, or what the SDK's helpers make of one. */
  readonly text_format?: Schema | null;
};

/**
 * `collector.responses`: writes requests for `/v1/responses`.
 *
 * @example
 * ```ts
 * import { BatchCollector } from "openbatch";
 *
 * const collector = new BatchCollector("my_batch_job.jsonl");
 * collector.responses.create({
 *   custom_id: "resp-req-1",
 *   model: "gpt-4o",
 *   instructions: "You are a travel agent.",
 *   input: "Suggest three activities to do in Amsterdam.",
 * });
 * ```
 */
export class ResponsesCollector extends CreatingResource<ResponseParameters> {
  constructor(writer: RequestWriter) {
    super(writer, "/v1/responses");
  }

  /**
   * Writes a responses request whose answer is to fit a schema. Without `text_format` it is `create`.
   *
   * @throws RequestError, or OpenbatchError `invalid_schema` for a schema that the service would refuse.
   */
  parse<const Schema extends object | undefined = undefined>(
    parameters: ResponseParseParameters<Schema>,
  ): RequestRef<InferFormat<Schema>> {
    return this.collect(withFormat(parameters));
  }

  /** Writes a request for each row, as `createMany` does; what one row gives is as for `parse`. */
  parseMany<Row, Parameters extends ResponseParseParameters>(
    rows: Rows<Row>,
    toParameters: (row: Row, index: number) => Exactly<ResponseParseParameters, Parameters>,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    assertCallback(toParameters);
    return this.collectMany(rows, (row, index) => withFormat(toParameters(row, index)), options);
  }
}

/** The format stands where the caller wrote `text` or `text_format`, whichever came first. */
function withFormat(parameters: ResponseParseParameters<object | undefined>): LineParts {
  assertParameters(parameters);
  assertSchemaName(parameters, { url: "/v1/responses", expected: "text_format", other: "response_format" });
  const { text_format, ...others } = parameters;
  if (text_format === undefined || text_format === null) return toLineParts(others);
  assertNoOtherFormat(others);
  const format = toFormat(text_format);
  const text = { ...others.text, format: toTextFormat(format) };
  const members = Object.entries(parameters).map(([key, value]) =>
    key === "text" || key === "text_format" ? ["text", text] : [key, value],
  );
  const body: LineParts["body"] = Object.fromEntries(members.filter(([key]) => key !== "custom_id"));
  return { custom_id: parameters.custom_id, body, format };
}

function assertNoOtherFormat({ custom_id, text }: ResponseParameters): void {
  if (text?.format === undefined || text.format === null) return;
  throw new RequestError({ custom_id, url: "/v1/responses" }, [
    {
      severity: "error",
      code: "format_conflict",
      path: "body.text.format",
      message: `found ${describe(text.format)} beside text_format.`,
      hint: hintOf("format_conflict"),
    },
  ]);
}
