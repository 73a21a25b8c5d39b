import type { Endpoint, RequestTarget } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { ReadyMadeRequest } from "../collector/collector-parameters.js";
import type { TemplateRow } from "./row-filler.js";

/** Turns rows of a table into requests. */
export interface RowTemplate {
  readonly url: Endpoint;
  /** The columns that the template names, each once: `name`, or `user.name` for a path into a JSON row. */
  readonly columns: readonly string[];
  /** Whether the id of a request is a hash of it, so that rows that ask the same share one request. */
  readonly isHashed: boolean;
  /** Throws `invalid_template` if the template names a column that is not among those of a table. */
  assertColumns(columns: readonly string[]): void;
  /** The cells of a row that its prompt is made of, as they stand there; null for one that has no value. */
  promptCells(row: TemplateRow): readonly PromptCell[];
  /**
   * The request for a row, to be given to `collector.add`.
   *
   * @throws {OpenbatchError} `missing_variable`, `null_cell` or `invalid_image`, naming row and column.
   */
  toRequest(row: TemplateRow): ReadyMadeRequest;
  /** The `custom_id` of that request alone. Throws what `toRequest` throws of what the id is made of. */
  toId(row: TemplateRow): string;
}

/** A cell of a row that stands in the prompt. */
export interface PromptCell {
  readonly column: string;
  readonly text: string | null;
}

export interface LoadRowTemplateOptions {
  /** What a null cell is written as. By default what the template says (`null_text`), or else a null cell is an error. */
  readonly nullText?: string | undefined;
  /** Parameters to let through although the tables of openbatch do not know them: all, or those named. Default none. */
  readonly allowUnknownParameters?: boolean | readonly string[] | undefined;
  /**
   * Where the requests are to go, as for the collector: with "openbatch" the template is held to the shape of its endpoint
   * alone. Default "upload".
   */
  readonly target?: RequestTarget | undefined;
  /** The folder in which the paths of local images start, and which they must not leave. By default the current one. */
  readonly imageFolder?: string | undefined;
  /** Bytes that a local image may have. Default 20 MiB. */
  readonly maxImageBytes?: number | undefined;
  /** Gets what the service may refuse in the schema, and that all rows make the same request. By default nobody is told. */
  readonly onWarning?: ((warning: Problem) => void) | undefined;
}
