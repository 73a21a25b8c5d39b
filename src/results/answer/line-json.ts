import { isObject } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

const nothing: JsonObject = Object.freeze({});

/** The JSON of a line, which is parsed when it is first asked for. */
export class LineJson {
  #value: JsonObject | undefined;
  #bytes: string | undefined;

  /**
   * Of the line that stands in a buffer between two places: an object that `JSON.parse` takes. Till it is asked for it is a text with a
   * character for each byte: that is copied and not decoded, and takes half of the memory where a character is beyond Latin-1.
   */
  static later(buffer: Buffer, start: number, end: number): LineJson {
    const json = new LineJson();
    json.#bytes = buffer.toString("latin1", start, end);
    return json;
  }

  static of(value: JsonObject): LineJson {
    const json = new LineJson();
    json.#value = value;
    return json;
  }

  get value(): JsonObject {
    this.#value ??= toObject(tryParseJson(Buffer.from(this.#bytes ?? "", "latin1")));
    this.#bytes = undefined;
    return this.#value;
  }

  /** What an endpoint answered. */
  get body(): JsonObject {
    const { response } = this.value;
    return toObject(isObject(response) ? response.body : undefined);
  }
}

function toObject(value: unknown): JsonObject {
  return isObject(value) ? value : nothing;
}
