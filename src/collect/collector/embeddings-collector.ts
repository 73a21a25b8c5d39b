import { RequestError } from "../../errors/index.js";
import type { RequestWriter } from "../file/request-writer.js";
import type { EmbeddingParameters } from "./collector-parameters.js";
import { CreatingResource, type LineParts, toLineParts } from "./collector-resource.js";

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

  protected override toParts(parameters: EmbeddingParameters): LineParts {
    const parts = toLineParts(parameters);
    if (!("inp" in parts.body) || parts.body.inp === undefined) return parts;
    if (parts.body.input !== undefined) throw toConflict(parameters.custom_id);
    const members = Object.entries(parts.body).filter(([key]) => key !== "input");
    return {
      ...parts,
      body: Object.fromEntries(members.map(([key, value]) => [key === "inp" ? "input" : key, value])),
    };
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
