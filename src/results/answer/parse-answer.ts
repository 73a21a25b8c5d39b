import { isDeepStrictEqual } from "node:util";
import { describe, Inspection, isObject } from "../../api/index.js";
import { withoutMark } from "../../batch-file/index.js";
import { hintOf, type Problem } from "../../errors/index.js";
import type { MaybePromise, Validation, ValidationIssue } from "../../format/index.js";
import { findJsonFault, tryParseJson } from "../../jsonl/index.js";
import type { AnswerParts, AnswerProblem } from "../../outcome/index.js";
import { findProblem, findReasoningMark, toEmptyProblem, toProblem } from "../../outcome/index.js";
import type { AnswerFormat } from "./answer-formats.js";

/** What an answer was parsed to, or why it was not. */
export interface ParsedAnswer {
  /** The one message that was parsed, where the answer holds several. */
  readonly text?: string;
  readonly parsed: unknown;
  readonly problem: AnswerProblem | undefined;
  readonly note: Problem | undefined;
}

type Parse = Extract<AnswerFormat["parse"], { kind: "json" | "validate" }>;

/** Parses an answer by its format. A promise where a library's own validator checks it. */
export function parseAnswer(parts: AnswerParts, { parse }: AnswerFormat): MaybePromise<ParsedAnswer> {
  const problem = findProblem(parts);
  if (problem !== undefined) return toFault(problem);
  if (parse.kind === "nothing") return nothingParsed;
  if (parse.kind === "impossible") return toFault(parse.problem);
  const { text, candidates } = parts;
  if (text === undefined || text.trim() === "") return toFault(toEmptyProblem(parts));
  return candidates.length === 0 ? parseText(text, parse) : parseOneOf(candidates, text, parse);
}

const nothingParsed: ParsedAnswer = { parsed: undefined, problem: undefined, note: undefined };

function toFault(problem: AnswerProblem): ParsedAnswer {
  return { parsed: undefined, problem, note: undefined };
}

/** Models write half an answer at times, and then all of it: the one message that fits is meant. */
function parseOneOf(texts: readonly string[], whole: string, parse: Parse): MaybePromise<ParsedAnswer> {
  const tried = [...new Set(texts)].map((text) => ({ text, found: parseText(text, parse) }));
  const choose = (found: readonly ParsedAnswer[]): MaybePromise<ParsedAnswer> => {
    const fitting = found.flatMap((each, number) =>
      each.problem === undefined ? [{ ...each, text: tried[number]?.text ?? whole }] : [],
    );
    const [first] = fitting;
    if (first === undefined) return parseText(whole, parse);
    if (fitting.every(({ parsed }) => isDeepStrictEqual(parsed, first.parsed))) return first;
    const message = `The answer holds ${fitting.length} messages that fit, and they differ.`;
    return toFault(toProblem("invalid_json_answer", "text", message));
  };
  const found = tried.map((each) => each.found);
  const known = found.flatMap((each) => (each instanceof Promise ? [] : [each]));
  return known.length === found.length ? choose(known) : Promise.all(found).then(choose);
}

function parseText(written: string, parse: Parse): MaybePromise<ParsedAnswer> {
  const text = withoutMark(written);
  const answer = tryParseJson(text);
  if (answer !== undefined) return holdAgainst(answer, parse);
  const fenced = findFenced(text);
  const inside = fenced === undefined ? undefined : tryParseJson(fenced);
  if (inside === undefined) return toFault(toJsonProblem(text, fenced));
  const found = holdAgainst(inside, parse);
  return found instanceof Promise ? found.then(withFence) : withFence(found);
}

function holdAgainst(answer: unknown, parse: Parse): MaybePromise<ParsedAnswer> {
  if (parse.kind === "json") return { parsed: answer, problem: undefined, note: undefined };
  const validation = parse.validator.validate(answer);
  return validation instanceof Promise
    ? validation.then((found) => toParsed(found, answer))
    : toParsed(validation, answer);
}

/** A fence as Markdown has them, which stands at the beginning of a line and may be of any length. */
const fence = /^[^\S\n]*(`{3,}|~{3,})[^`\n]*$/gm;

/** What stands in a code fence, if there is one and no more. One that does not end goes on to the end of the answer. */
function findFenced(text: string): string | undefined {
  const fences = [...text.matchAll(fence)];
  const [opening, closing] = fences;
  const isOne = fences.length === 2 || (fences.length === 1 && findFencedInLine(text) === undefined);
  if (opening === undefined || !isOne) return findFencedInLine(text);
  return text.slice(opening.index + opening[0].length, closing?.index);
}

/** Fences that are not alone on their lines. */
function findFencedInLine(text: string): string | undefined {
  const [, inside, ...rest] = text.split("```");
  return rest.length === 1 ? inside?.replace(/^(?:json\w*(?=[\s{["])|[\w-]*[^\S\n]*\n)/i, "") : undefined;
}

function withFence(found: ParsedAnswer): ParsedAnswer {
  if (found.problem !== undefined) return found;
  const code = "fenced_answer";
  const message = "The JSON of the answer stands in a code fence; what is around it was left out.";
  return { ...found, note: { severity: "note", code, path: "text", message, hint: hintOf(code) } };
}

function toJsonProblem(text: string, fenced: string | undefined): AnswerProblem {
  const { sentence } = findJsonFault(fenced ?? text);
  const place = fenced !== undefined ? "what stands in its code fence" : describe(text);
  const message = `The answer, ${place}, is not JSON.${sentence === "" ? "" : ` ${sentence}`}`;
  return toProblem("invalid_json_answer", "text", `${message}${nameSurroundings(text, fenced)}`);
}

/** Servers that do not know how a model marks its reasoning leave it in the text, at times without its beginning. */
function nameSurroundings(text: string, fenced: string | undefined): string {
  const mark = findReasoningMark(text) ?? (/<\/think>/i.test(text) ? "<think>" : undefined);
  if (mark !== undefined) return ` It begins with reasoning, in ${mark}.`;
  return fenced === undefined && text.includes("```") ? " There is more than one code fence in it." : "";
}

function toParsed(validation: Validation<unknown>, answer: unknown): ParsedAnswer {
  const { issues } = validation;
  if (issues === undefined) return { parsed: validation.value, problem: undefined, note: undefined };
  const [first] = issues;
  const { rule } = first ?? {};
  const broken = rule === undefined ? "" : ` The rule it breaks: ${rule}.`;
  const others = issues.length === 1 ? "" : ` It is the first of ${issues.length} places.`;
  const value = valueAt(answer, first);
  const found = value === undefined ? "nothing" : describe(value);
  const message = `The answer does not fit its schema: found ${found} here.${broken}${others}`;
  const more = { issues, ...(rule === undefined ? {} : { rule }) };
  return toFault(toProblem("schema_mismatch", toPath(first), message, more));
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
