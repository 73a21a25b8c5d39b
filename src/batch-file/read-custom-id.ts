/** A line of our own begins with its id; then the rest of the line need not be parsed. */
const idAtStart = /^\s*\{\s*"custom_id"\s*:\s*("[^"\\]*")\s*,/;

/** The `custom_id` of a line of a batch file, if it has one that is a string. */
export function readCustomId(line: Buffer): string | undefined {
  const found = idAtStart.exec(line.toString("utf8", 0, 200));
  try {
    if (found?.[1] !== undefined) return JSON.parse(found[1]);
    const request: unknown = JSON.parse(line.toString("utf8"));
    if (typeof request !== "object" || request === null || !("custom_id" in request)) return undefined;
    return typeof request.custom_id === "string" ? request.custom_id : undefined;
  } catch {
    return undefined;
  }
}

/** A line without the mark that some editors put at the start of a file. */
export function withoutByteOrderMark(line: Buffer): Buffer {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}
