import type { SchemaProblem } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import type { MaybePromise, Validation } from "../validation.js";
import type { Library } from "./library.js";

/** What was found in whatever was given as a schema. */
export interface SchemaSource {
  /** Its JSON Schema, as the library writes it. */
  readonly schema: JsonSchema;
  readonly library: Library;
  /** Types in it that no JSON Schema can be written for. */
  readonly problems: readonly SchemaProblem[];
  readonly validate: Validate | undefined;
  /** What a ready-made format says of itself. */
  readonly name?: unknown;
  readonly description?: unknown;
  readonly strict?: unknown;
}

export type Validate = (answer: unknown) => MaybePromise<Validation<unknown>>;
