import { RequestError } from "../../errors/index.js";
import type { RequestWriter } from "../file/request-writer.js";
import type { EmbeddingParameters } from "./collector-parameters.js";
import { CreatingResource, renameParameter } from "./collector-resource.js";
import type { NamedRequest } from "./request-ref.js";

/**
 * `collector.embeddings`: writes requests for `/v1/embeddings`.
 *
 * @example
 * ```ts
 * import { BatchCollector } from "openbatch";
 *
 * const collector = new BatchCollector("my_batch_job.jsonl");
 * collector.embeddings.create({
 *   custom_id: "embed-req-1",
 *   model: "text-embedding-3-small",
 *   input: "OpenAI batching is a powerful feature.",
 *   dimensions: 256,
 * });
 * ```
 */
export class EmbeddingsCollector extends CreatingResource<EmbeddingParameters> {
  constructor(writer: RequestWriter) {
    super(writer, "/v1/embeddings");
  }

  protected override toRequest(parameters: EmbeddingParameters): NamedRequest {
    const request = super.toRequest(parameters);
    const { inp, input } = request.body;
    if (inp === undefined) return request;
    if (input !== undefined) throw toConflict(parameters.custom_id);
    return { ...request, body: renameParameter(request.body, "inp", "input", inp) };
  }
}

function toConflict(custom_id: string): RequestError {
  return new RequestError({ custom_id, url: "/v1/embeddings" }, [
    {
      severity: "error",
      code: "conflicting_parameters",
      path: "body.inp",
      message: "found beside input; they are two names for one parameter.",
      hint: "Give one of the two.",
    },
  ]);
}
