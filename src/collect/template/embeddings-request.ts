import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import {
  type EmbeddingsRequestParameters,
  mergeParameters,
  type RequestBody,
  toRequestBody,
} from "./request-parameters.js";

/**
 * A request for `/v1/embeddings`, or what many of them have in common. It is checked when it is written.
 *
 * @example
 * ```ts
 * new EmbeddingsRequest({ model: "text-embedding-3-small", dimensions: 512 });
 * ```
 */
export class EmbeddingsRequest {
  readonly url = "/v1/embeddings";
  #body: RequestBody;

  constructor(parameters: EmbeddingsRequestParameters) {
    this.#body = toRequestBody(parameters);
  }

  /** The parameters as they will be sent. */
  get body(): RequestBody {
    return this.#body;
  }

  /** Replaces the input: a text, several, or tokens. */
  setInput(input: EmbeddingCreateParams["input"]): this {
    this.#body = mergeParameters(this.#body, { input });
    return this;
  }
}
