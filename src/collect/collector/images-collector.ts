import { atCallOf, promiseAtCallOf } from "../../errors/index.js";
import type { RequestWriter } from "../file/request-writer.js";
import type { BulkCounts, BulkOptions, Rows } from "../file/write-each-row.js";
import type { Exactly, ImageEditParameters, ImageGenerateParameters } from "./collector-parameters.js";
import { CreatingResource } from "./collector-resource.js";
import type { RequestRef } from "./request-ref.js";

/** `collector.images`: writes requests for `/v1/images/generations` and `/v1/images/edits`. */
export class ImagesCollector {
  readonly #generations: CreatingResource<ImageGenerateParameters>;
  readonly #edits: CreatingResource<ImageEditParameters>;

  constructor(writer: RequestWriter) {
    this.#generations = new CreatingResource(writer, "/v1/images/generations");
    this.#edits = new CreatingResource(writer, "/v1/images/edits");
  }

  /**
   * Writes an image generation request, with the parameters of the official client's `images.generate`.
   *
   * @throws RequestError with everything that is wrong with the request; then nothing was written.
   */
  generate(parameters: ImageGenerateParameters): RequestRef {
    try {
      return this.#generations.create(parameters);
    } catch (error) {
      throw atCallOf(this.generate, error);
    }
  }

  /** Writes an image generation request for each row, as `createMany` of the other resources does. */
  generateMany<Row, Actual extends ImageGenerateParameters>(
    rows: Rows<Row>,
    toParameters: (row: Row, index: number) => Exactly<ImageGenerateParameters, Actual>,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    return promiseAtCallOf(this.generateMany, () =>
      this.#generations.createMany(rows, toParameters, options),
    );
  }

  /**
   * Writes an image edit request in its JSON form: images are URLs, data URLs or ids of uploaded files.
   *
   * @throws RequestError with everything that is wrong with the request; then nothing was written.
   */
  edit(parameters: ImageEditParameters): RequestRef {
    try {
      return this.#edits.create(parameters);
    } catch (error) {
      throw atCallOf(this.edit, error);
    }
  }

  /** Writes an image edit request for each row, as `createMany` of the other resources does. */
  editMany<Row, Actual extends ImageEditParameters>(
    rows: Rows<Row>,
    toParameters: (row: Row, index: number) => Exactly<ImageEditParameters, Actual>,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    return promiseAtCallOf(this.editMany, () => this.#edits.createMany(rows, toParameters, options));
  }
}
