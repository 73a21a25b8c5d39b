import { readRequestLine } from "../../batch-file/index.js";
import type { LineTranslator } from "./line-translator.js";

/** What a request is called where its part has an id that the service refuses. */
export function toNumberedId(line: number): string {
  return `r${line}`;
}

/**
 * A line of a batch file as the service's, with its line feed.
 * @param line the number to call it by, where it cannot keep its id.
 */
export function writeServiceLine(
  translator: LineTranslator,
  bytes: Buffer,
  line: number | undefined,
): Buffer {
  const request = readRequestLine(bytes);
  const said = request?.kind === "request" ? translator.translate(request) : undefined;
  if (request?.kind !== "request" || said?.kind !== "translated")
    throw new RangeError("A line that was read before cannot be said any more.");
  const id = line === undefined ? request.custom_id : toNumberedId(line);
  return Buffer.from(`${translator.toServiceLine(id, said)}\n`);
}
