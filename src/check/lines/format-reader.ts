import { createHash } from "node:crypto";
import type { Inspection } from "../../api/index.js";
import { FitSearch, findFormat, reportUnfit } from "../../format/index.js";

const separator = "\n";

interface KnownFormat {
  readonly text: string;
  readonly key: string;
  readonly unfit: ReturnType<FitSearch["problemsOf"]>;
}

/** Tells the structured-output formats of requests apart by name and by schema, and looks whether anything fits them. */
export class FormatReader {
  readonly #fits = new FitSearch();
  /** The last schema seen under each name, for most files have one. */
  readonly #last = new Map<string, KnownFormat>();

  /** A key for the format that a body asks for: equal for equal names and schemas. Reports one that nothing fits. */
  read(body: Readonly<Record<string, unknown>>, at: Inspection): string | undefined {
    const format = findFormat(body);
    if (format === undefined) return undefined;
    const name = format.name.slice(0, 64);
    const text = JSON.stringify(format.schema);
    let known = this.#last.get(name);
    if (known?.text !== text) {
      const key = `${name}${separator}${createHash("sha256").update(text).digest("base64")}`;
      known = { text, key, unfit: this.#fits.problemsOf({ ...format, isStrict: true }, text) };
      if (this.#last.size > 100) this.#last.clear();
      this.#last.set(name, known);
    }
    if (format.isStrict) reportUnfit(format, known.unfit, at);
    return known.key;
  }
}

/** The name in a key of {@link FormatReader}. */
export function formatNameOf(key: string): string {
  return key.slice(0, key.lastIndexOf(separator));
}
