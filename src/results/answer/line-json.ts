import { isObject } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

const nothing: JsonObject = Object.freeze({});

/** The JSON of a line, which is parsed when it is first asked for. */
export class LineJson {
  #value: JsonObject | undefined;
  #text: string | undefined;

  /** @param text an object that `JSON.parse` takes. */
  static later(text: string): LineJson {
    const json = new LineJson();
    json.#text = text;
    return json;
  }

  static of(value: JsonObject): LineJson {
    const json = new LineJson();
    json.#value = value;
    return json;
  }

  get value(): JsonObject {
    this.#value ??= toObject(tryParseJson(this.#text ?? ""));
    this.#text = undefined;
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
