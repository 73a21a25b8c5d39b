import { isObject } from "../../api/index.js";
import { type FormatNames, findFormat } from "../../format/index.js";

/** Claims the names of the formats that lines ask for which are there already. */
export class FormatScan {
  readonly #names: FormatNames;
  /** The JSON text of the schema found last: the next lines mostly have the same, and need not be parsed. */
  #lastSchema: Buffer | undefined;

  constructor(names: FormatNames) {
    this.#names = names;
  }

  read(line: Buffer): void {
    if (!line.includes("json_schema")) return;
    if (this.#lastSchema !== undefined && line.includes(this.#lastSchema)) return;
    const format = findFormatOf(line);
    if (format === undefined) return;
    this.#names.claim(format);
    this.#lastSchema = Buffer.from(
      `${JSON.stringify(format.name)},"strict":true,"schema":${JSON.stringify(format.schema)}`,
    );
  }
}

function findFormatOf(line: Buffer) {
  try {
    const request: unknown = JSON.parse(line.toString("utf8"));
    return isObject(request) && isObject(request.body) ? findFormat(request.body) : undefined;
  } catch {
    return undefined;
  }
}
