import { describe } from "../../api/index.js";
import { type Code, hintOf, type Problem } from "../../errors/index.js";
import { findJsonFault } from "../../jsonl/index.js";

export interface JsonText {
  readonly text: string;
  /** Where the line starts in its file. */
  readonly offset: number;
  /** Whether the line has its line end. */
  readonly terminated: boolean;
  /** Whether bytes of it are not UTF-8. */
  readonly hasBadBytes: boolean;
}

/** What is wrong with a line that is JSON, and no object. */
export function toNoObjectProblem(
  value: unknown,
  { text, offset }: Pick<JsonText, "text" | "offset">,
): Problem {
  if (isArrayOfRequests(text, offset)) return arrayProblem();
  return toProblem("invalid_json_line", `Expected a JSON object, found ${describe(value)}.`);
}

/** What is wrong with a line that is not JSON, as far as one word can be said for all of it. */
export function findJsonProblem({ text, offset, terminated, hasBadBytes }: JsonText): Problem {
  if (isArrayOfRequests(text, offset)) return arrayProblem();
  if (looksLikeUtf16(text)) {
    return toProblem("invalid_utf8", "The file looks like UTF-16.", "Save it as UTF-8.");
  }
  const { sentence, isTorn } = findJsonFault(text);
  if (isTorn && !terminated) {
    return toProblem("torn_last_line", `The last line breaks off after ${text.length} characters.`);
  }
  // What else is wrong shows when the bytes are mended: till then it may be the bytes.
  if (hasBadBytes) return badBytesProblem();
  const message = `This line is not parseable as valid JSON. ${sentence}`.trimEnd();
  const isConflict = /^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/.test(text);
  const hint = isConflict ? "It is a conflict mark of git: resolve the conflict." : undefined;
  return toProblem("invalid_json_line", message, hint);
}

export function badBytesProblem(): Problem {
  return toProblem("invalid_utf8", "The line holds bytes that are not UTF-8.");
}

/** Knows a file that is one array of requests by its first line. */
function isArrayOfRequests(text: string, offset: number): boolean {
  return offset === 0 && /^[ \t]*\[/.test(text);
}

function arrayProblem(): Problem {
  return toProblem(
    "invalid_json_line",
    "The file starts as one JSON array.",
    "Write each request of the array as one line, without brackets around and commas between.",
  );
}

function toProblem(code: Code, message: string, hint = hintOf(code)): Problem {
  return { severity: "error", code, path: "", message, hint };
}

/**
 * Whether every other byte of the beginning is zero, or nearly so, as in UTF-16 read byte by byte. Behind its last line feed
 * one zero is left over; more than that are what a file system leaves after a power cut.
 */
export function looksLikeUtf16(text: string): boolean {
  const beginning = text.slice(0, 64);
  const zeros = beginning.split("\0").length - 1;
  return zeros > beginning.length / 4 && (zeros < beginning.length || zeros === 1);
}
