/** The value of a JSON text, or of its bytes. `undefined`, which no JSON text means, where it is none. */
export function tryParseJson(json: string | Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}
