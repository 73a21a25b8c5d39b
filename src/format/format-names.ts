import { OpenbatchError } from "../errors/index.js";
import type { FoundFormat } from "./find-format.js";
import type { JsonSchema } from "./format.js";

type NamedSchema = Pick<FoundFormat, "name" | "schema">;

/** The formats of one file by name, so that no name means two schemas. */
export class FormatNames {
  readonly #texts = new Map<string, string>();
  /** The last name under which each schema object was claimed: most requests of a file share one. */
  readonly #names = new WeakMap<JsonSchema, string>();

  /** @throws OpenbatchError `format_name_conflict`, if another schema has the name already. */
  assertFree({ name, schema }: NamedSchema): void {
    const held = this.#texts.get(name);
    if (held === undefined || this.#names.get(schema) === name) return;
    if (held !== JSON.stringify(schema)) throw conflictOf(name);
  }

  /** Takes a name that is free for its schema. */
  claim({ name, schema }: NamedSchema): void {
    if (this.#names.get(schema) === name) return;
    if (!this.#texts.has(name)) this.#texts.set(name, JSON.stringify(schema));
    this.#names.set(schema, name);
  }
}

function conflictOf(name: string): OpenbatchError {
  return new OpenbatchError(
    "format_name_conflict",
    `Two different schemas have the format name "${name}" in one file; results are typed by that name.`,
    { hint: 'Name one of them: toFormat(schema, { name: "another_name" }), or give the schema a title.' },
  );
}
