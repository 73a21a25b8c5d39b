import { isUtf8 } from "node:buffer";
import { isObject } from "../../api/index.js";
import { hintOf, type Problem } from "../../errors/index.js";
import type { MaybePromise } from "../../format/index.js";
import { findJsonFault, tryParseJson } from "../../jsonl/index.js";
import { findForeignService, judgeLine, type RequestOutcome } from "../../outcome/index.js";
import type { Result } from "./result.js";
import { createAnswer, type Expected } from "./succeeded-answer.js";
import { Failed, type Origin, Unexecuted, Unreadable } from "./unsuccessful-result.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What stands in a line of a results file. */
export type ReadLine =
  | {
      readonly kind: "outcome";
      readonly raw: JsonObject;
      readonly outcome: Exclude<RequestOutcome, { status: "unreadable" }>;
    }
  | { readonly kind: "unreadable"; readonly problem: Problem };

/** Reads the line that stands in a buffer between two places. */
export function readLine(buffer: Buffer, start: number, end: number): ReadLine {
  const text = buffer.toString("utf8", start, end);
  // What is not UTF-8 is decoded to this character, which may as well have been written.
  if (text.includes("\ufffd") && !isUtf8(buffer.subarray(start, end))) return unreadable(invalidUtf8);
  const raw = tryParseJson(text);
  if (raw === undefined) return unreadable(`The line is not JSON. ${findJsonFault(text).sentence}`.trim());
  if (!isObject(raw)) return unreadable("The line is not one JSON object.");
  const outcome = judgeLine(raw);
  if (outcome.status !== "unreadable") return { kind: "outcome", raw, outcome };
  const service = findForeignService(raw);
  if (service === undefined) return unreadable("The line holds neither an answer nor an error.");
  return unreadable(`The line is one of ${service}, in that service's own shape.`, "foreign_result_line");
}

/** The result of a line. A promise where its answer is checked by a library's own validator. */
export function createResult(line: ReadLine, origin: Origin, expected: Expected): MaybePromise<Result> {
  if (line.kind === "unreadable") return new Unreadable(origin, line.problem);
  const { raw, outcome } = line;
  switch (outcome.status) {
    case "succeeded":
      return createAnswer({ origin, raw, outcome }, expected);
    case "failed":
      return new Failed(origin, raw, outcome);
    case "expired":
    case "cancelled":
      return new Unexecuted(origin, raw, outcome);
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
