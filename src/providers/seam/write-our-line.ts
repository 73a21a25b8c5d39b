import type { LineTranslator, ResultOrigin } from "./line-translator.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** A line of a service's results as one of ours, without a line feed; `undefined` where it is none of the service's. */
export function writeOurLine(
  translator: LineTranslator,
  line: JsonObject,
  origin: ResultOrigin,
): string | undefined {
  try {
    const ours = translator.toOurLine(line, origin);
    return ours === undefined ? undefined : JSON.stringify(ours);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { custom_id, source } = origin;
    const message = "The answer is nested too deep to be translated. It stands as it came where source says.";
    // As of an answer that is too large to be kept: it would be the same again.
    return JSON.stringify({
      custom_id,
      response: null,
      error: { code: "response_too_large", message },
      source,
    });
  }
}
