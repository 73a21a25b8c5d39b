import type { RequestWriter } from "../file/request-writer.js";
import type { CompletionParameters } from "./collector-parameters.js";
import { CreatingResource } from "./collector-resource.js";

/** `collector.completions`: writes requests for `/v1/completions`. */
export class CompletionsCollector extends CreatingResource<CompletionParameters> {
  constructor(writer: RequestWriter) {
    super(writer, "/v1/completions");
  }
}
