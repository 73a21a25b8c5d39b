import type { EmbeddingCreateParams } from "openai/resources/embeddings";

/** What one embeddings request has of its own: its id, its input, its parameters. A plain object is as good. */
export class EmbeddingInputInstance<const Options extends object = Readonly<Record<string, unknown>>> {
  readonly custom_id: string;
  /** A text, several, or tokens. */
  readonly input: EmbeddingCreateParams["input"];
  /** Parameter by parameter in place of the common request's. */
  declare readonly instanceRequestOptions?: Options;

  constructor(instance: EmbeddingInputInstance<Options>) {
    this.custom_id = instance.custom_id;
    this.input = instance.input;
    Object.assign(this, instance);
  }
}
