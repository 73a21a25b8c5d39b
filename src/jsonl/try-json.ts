/** The value of a JSON text, or of its bytes. `undefined`, which no JSON text means, where it is none. */
export function tryParseJson(json: string | Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}

/** A value as JSON. `undefined` where it cannot be written: `JSON.parse` takes what is nested deeper than `JSON.stringify` writes. */
export function tryToJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
