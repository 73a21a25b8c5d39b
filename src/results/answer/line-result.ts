import { isUtf8 } from "node:buffer";
import { isObject } from "../../api/index.js";
import { hintOf, type Problem } from "../../errors/index.js";
import type { MaybePromise } from "../../format/index.js";
import { findJsonFault, tryParseJson } from "../../jsonl/index.js";
import { findForeignService, judgeLine, type RequestOutcome } from "../../outcome/index.js";
import { LineJson } from "./line-json.js";
import type { Result } from "./result.js";
import { createAnswer, type Expected } from "./succeeded-answer.js";
import { Failed, type Origin, Unexecuted, Unreadable } from "./unsuccessful-result.js";

/** What stands in a line of a results file. */
export type ReadLine =
  | {
      readonly kind: "outcome";
      readonly json: LineJson;
      /** Where it is known already. */
      readonly custom_id?: string;
      readonly outcome: Exclude<RequestOutcome, { status: "unreadable" }>;
    }
  | { readonly kind: "unreadable"; readonly problem: Problem };

/** Reads the line that stands in a buffer between two places. */
export function readLine(buffer: Buffer, start: number, end: number): ReadLine {
  const text = buffer.toString("utf8", start, end);
  return isText(text, buffer, start, end) ? parseLine(text) : unreadable(invalidUtf8);
}

/** Whether a text is what stands in a buffer between two places. */
function isText(text: string, buffer: Buffer, start: number, end: number): boolean {
  // What is not UTF-8 is decoded to this character, which may as well have been written.
  return !text.includes("\ufffd") || isUtf8(buffer.subarray(start, end));
}

function parseLine(text: string): ReadLine {
  const raw = tryParseJson(text);
  if (raw === undefined) return unreadable(`The line is not JSON. ${findJsonFault(text).sentence}`.trim());
  if (!isObject(raw)) return unreadable("The line is not one JSON object.");
  const outcome = judgeLine(raw);
  if (outcome.status !== "unreadable") return { kind: "outcome", json: LineJson.of(raw), outcome };
  const service = findForeignService(raw);
  if (service === undefined) return unreadable("The line holds neither an answer nor an error.");
  return unreadable(`The line is one of ${service}, in that service's own shape.`, "foreign_result_line");
}

/** The result of a line. A promise where its answer is checked by a library's own validator. */
export function createResult(line: ReadLine, origin: Origin, expected: Expected): MaybePromise<Result> {
  if (line.kind === "unreadable") return new Unreadable(origin, line.problem);
  const { json, outcome } = line;
  switch (outcome.status) {
    case "succeeded":
      return createAnswer({ origin, json, outcome }, expected);
    case "failed":
      return new Failed(origin, json.value, outcome);
    case "expired":
    case "cancelled":
      return new Unexecuted(origin, json.value, outcome);
    default:
      return outcome satisfies never;
  }
}

const invalidUtf8 = "The line holds bytes that are not UTF-8.";

function unreadable(
  message: string,
  code: "invalid_result_line" | "foreign_result_line" = "invalid_result_line",
): ReadLine {
  return {
    kind: "unreadable",
    problem: { severity: "error", code, path: "", message, hint: hintOf(code) },
  };
}
