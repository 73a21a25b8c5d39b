import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import { CommonRequest } from "./common-request.js";
import type { EmbeddingsRequestParameters } from "./request-parameters.js";

/**
 * A request for `/v1/embeddings`, or what many of them have in common. It is checked when it is written.
 *
 * @example
 * ```ts
 * new EmbeddingsRequest({ model: "text-embedding-3-small", dimensions: 512 });
 * ```
 */
export class EmbeddingsRequest extends CommonRequest {
  readonly url = "/v1/embeddings";

  constructor(parameters: EmbeddingsRequestParameters) {
    super(parameters);
  }

  /** Replaces the input: a text, several, or tokens. */
  setInput(input: EmbeddingCreateParams["input"]): this {
    return this.set({ input });
  }
}
