import { OpenbatchError } from "../errors/index.js";
import type { Format } from "./format.js";

/** The formats of one file by name, so that no name means two schemas. */
export class FormatNames {
  readonly #formats = new Map<string, Format>();

  /**
   * Takes the name of a format, or recognises it.
   * @throws OpenbatchError `format_name_conflict`, if another schema has the name already.
   */
  claim(format: Format): void {
    const holder = this.#formats.get(format.name);
    if (holder === format) return;
    if (holder === undefined) this.#formats.set(format.name, format);
    else if (holder.schemaText !== format.schemaText) throw conflictOf(format.name);
  }

  /** The format of that name, if one was claimed. */
  get(name: string): Format | undefined {
    return this.#formats.get(name);
  }
}

function conflictOf(name: string): OpenbatchError {
  return new OpenbatchError(
    "format_name_conflict",
    `Two different schemas have the format name "${name}" in one file; results are typed by that name.`,
    { hint: 'Name one of them: toFormat(schema, { name: "another_name" }), or give the schema a title.' },
  );
}
