import { describe, isObject } from "../../api/index.js";
import { hintOf, RequestError } from "../../errors/index.js";
import { type Format, toTextFormat } from "../../format/index.js";
import type { RequestWriter, UncheckedRequest } from "../file/request-writer.js";
import type { ResponseParameters } from "./collector-parameters.js";
import { renameParameter } from "./collector-resource.js";
import { type GivenParameters, ParsingResource } from "./parsing-resource.js";

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
export class ResponsesCollector extends ParsingResource<ResponseParameters, "text_format"> {
  constructor(writer: RequestWriter) {
    super(writer, "text_format");
  }

  /** Other members of `text` stay. */
  protected toBody(parameters: GivenParameters, format: Format): UncheckedRequest["body"] {
    const others = "text" in parameters && isObject(parameters.text) ? parameters.text : {};
    if (others.format !== undefined && others.format !== null) throw toConflict(parameters, others.format);
    const given = { ...parameters, custom_id: undefined };
    return renameParameter(given, "text_format", "text", { ...others, format: toTextFormat(format) });
  }
}

function toConflict({ custom_id }: GivenParameters, found: unknown): RequestError {
  return new RequestError({ custom_id, url: "/v1/responses" }, [
    {
      severity: "error",
      code: "format_conflict",
      path: "body.text.format",
      message: `found ${describe(found)} beside text_format.`,
      hint: hintOf("format_conflict"),
    },
  ]);
}
