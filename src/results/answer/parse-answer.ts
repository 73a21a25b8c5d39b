import { describe, Inspection, isObject } from "../../api/index.js";
import type { MaybePromise, Validation, ValidationIssue, Validator } from "../../format/index.js";
import { findJsonFault, tryParseJson } from "../../jsonl/index.js";
import type { AnswerParts, AnswerProblem } from "../../outcome/index.js";
import { findProblem, toEmptyProblem, toProblem } from "../../outcome/index.js";
import type { AnswerFormat } from "./answer-formats.js";

/** What an answer was parsed to, or why it was not. */
export interface ParsedAnswer {
  readonly parsed: unknown;
  readonly problem: AnswerProblem | undefined;
}

/** Parses an answer by its format. A promise only where the schema's own validator gives one. */
export function parseAnswer(parts: AnswerParts, { parse }: AnswerFormat): MaybePromise<ParsedAnswer> {
  const problem = findProblem(parts);
  if (problem !== undefined) return toFault(problem);
  if (parse.kind === "nothing") return nothingParsed;
  if (parse.kind === "impossible") return toFault(parse.problem);
  const { text } = parts;
  if (text === undefined || text.trim() === "") return toFault(toEmptyProblem(parts));
  const answer = tryParseJson(text);
  if (answer === undefined) return toFault(toJsonProblem(text));
  return parse.kind === "json" ? { parsed: answer, problem: undefined } : validate(answer, parse.validator);
}

const nothingParsed: ParsedAnswer = { parsed: undefined, problem: undefined };

function toFault(problem: AnswerProblem): ParsedAnswer {
  return { parsed: undefined, problem };
}

function toJsonProblem(text: string): AnswerProblem {
  const { sentence } = findJsonFault(text);
  const message = `The answer, ${describe(text)}, is not JSON.${sentence === "" ? "" : ` ${sentence}`}`;
  return toProblem("invalid_json_answer", "text", message);
}

function validate(answer: unknown, validator: Validator): MaybePromise<ParsedAnswer> {
  const validation = validator.validate(answer);
  return validation instanceof Promise
    ? validation.then((found) => toParsed(found, answer, validator))
    : toParsed(validation, answer, validator);
}

function toParsed(validation: Validation<unknown>, answer: unknown, { mayQuote }: Validator): ParsedAnswer {
  const { issues } = validation;
  if (issues === undefined) return { parsed: validation.value, problem: undefined };
  const [first] = issues;
  const words = first === undefined || mayQuote ? "" : ` ${first.message}`;
  const others = issues.length === 1 ? "" : ` It is the first of ${issues.length} places.`;
  const value = valueAt(answer, first);
  const found = value === undefined ? "nothing" : describe(value);
  const message = `The answer does not fit its schema: found ${found} here.${words}${others}`;
  return toFault(toProblem("schema_mismatch", toPath(first), message, { issues }));
}

/** Where an issue is, from the result on, as in `parsed.cities[0].name`. */
function toPath(issue: ValidationIssue | undefined): string {
  const place = new Inspection();
  for (const key of ["parsed", ...(issue?.path ?? [])]) place.enter(key);
  return place.path;
}

function valueAt(answer: unknown, issue: ValidationIssue | undefined): unknown {
  let found = answer;
  for (const key of issue?.path ?? []) {
    if (Array.isArray(found)) found = found[Number(key)];
    else found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}
