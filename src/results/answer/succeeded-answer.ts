import { type Endpoint, isObject, readUsage, type Usage } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { MaybePromise } from "../../format/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import type {
  AnsweredOutcome,
  AnswerParts,
  AnswerProblem,
  AskedItems,
  ToolCall,
} from "../../outcome/index.js";
import { findUnfilledCall, readAnswerParts } from "../../outcome/index.js";
import type { AnswerFormat } from "./answer-formats.js";
import { inferEndpoint } from "./infer-endpoint.js";
import type { LineJson } from "./line-json.js";
import { type ParsedAnswer, parseAnswer } from "./parse-answer.js";
import type { ProblemResult, Result } from "./result.js";
import { ResultError } from "./result-error.js";
import type { Origin } from "./unsuccessful-result.js";
import { addSpent } from "./untaken.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** A line that was found to hold an answer. */
export interface AnsweredLine {
  readonly origin: Origin;
  readonly json: LineJson;
  /** Its body may be filled anew with the next line. */
  readonly outcome: AnsweredOutcome;
}

/** What an answer is held against. */
export interface Expected {
  readonly format: AnswerFormat;
  readonly items: AskedItems | undefined;
  /** The line of the request, where there is one: of what it gives a model to call nothing else is known. */
  readonly readRequest?: (() => string | undefined) | undefined;
}

/** The result of an answer. A promise where it is checked by a library's own validator. */
export function createAnswer(line: AnsweredLine, expected: Expected): MaybePromise<Result> {
  const { format, items } = expected;
  const { body } = line.outcome;
  const url = line.origin.url ?? inferEndpoint(body);
  const parts = withUnfilledCall(readAnswerParts(url, body, items), expected);
  const usage = readUsage(body);
  const parsed = parseAnswer(parts, format);
  const create = (found: ParsedAnswer): Result => {
    const answer = new SucceededAnswer(line, { url, format: format.name, parts, usage }, found);
    // Its url and its body belong together, and it has either a problem or what was parsed: that is what the union tells apart.
    return answer as unknown as Result;
  };
  return parsed instanceof Promise ? parsed.then(create) : create(parsed);
}

function withUnfilledCall(parts: AnswerParts, { readRequest }: Expected): AnswerParts {
  if (parts.toolCalls.length === 0 || parts.problem !== undefined || readRequest === undefined) return parts;
  const problem = findUnfilledCall(parts.toolCalls, () => toRequestBody(readRequest() ?? ""));
  return problem === undefined ? parts : { ...parts, problem };
}

function toRequestBody(line: string): JsonObject | undefined {
  const request = tryParseJson(line);
  return isObject(request) && isObject(request.body) ? request.body : undefined;
}

interface Contents {
  readonly url: Endpoint | undefined;
  readonly format: string | undefined;
  readonly parts: AnswerParts;
  readonly usage: Usage | undefined;
}

let jsonOf: (answer: SucceededAnswer) => LineJson;

/** Members that are parsed when they are asked for. */
const bodyMember: PropertyDescriptor & ThisType<SucceededAnswer> = {
  get() {
    return jsonOf(this).body;
  },
  enumerable: true,
  configurable: true,
};
const rawMember: PropertyDescriptor & ThisType<SucceededAnswer> = {
  get() {
    return jsonOf(this).value;
  },
  enumerable: true,
  configurable: true,
};

class SucceededAnswer {
  readonly status = "succeeded";
  readonly custom_id: string;
  readonly url: Endpoint | undefined;
  readonly requestLine: number | undefined;
  readonly file: string;
  readonly line: number;
  readonly format: string | undefined;
  readonly text: string | undefined;
  readonly parsed: unknown;
  readonly problem: AnswerProblem | undefined;
  readonly note: Problem | undefined;
  readonly embedding: Float32Array | undefined;
  readonly embeddings: readonly (Float32Array | undefined)[];
  readonly toolCalls: readonly ToolCall[];
  readonly refusal: string | undefined;
  readonly finish: string | undefined;
  readonly usage: Usage | undefined;
  readonly rounds: number;
  readonly spent: Usage | undefined;
  readonly request_id: string | undefined;
  declare readonly body: JsonObject;
  declare readonly raw: JsonObject;
  readonly #json: LineJson;

  constructor(
    { origin, json, outcome }: AnsweredLine,
    { url, format, parts, usage }: Contents,
    { text = parts.text, parsed, problem, note }: ParsedAnswer,
  ) {
    this.custom_id = origin.custom_id;
    this.url = url;
    this.requestLine = origin.requestLine;
    this.file = origin.file;
    this.line = origin.line;
    this.format = format;
    this.text = text;
    this.parsed = parsed;
    this.problem = problem;
    this.note = note;
    this.embedding = parts.embeddings[0];
    this.embeddings = parts.embeddings;
    this.toolCalls = parts.toolCalls;
    this.refusal = parts.refusal;
    this.finish = parts.finish;
    this.usage = usage;
    this.rounds = 1 + origin.untaken.lines;
    this.spent = addSpent(this.usage, origin.untaken.usage);
    this.request_id = outcome.request_id;
    this.#json = json;
    // Of the object itself, not of its class: so a copy, JSON and whoever compares results see them as they see the others.
    Object.defineProperty(this, "body", bodyMember);
    Object.defineProperty(this, "raw", rawMember);
  }

  static {
    jsonOf = (answer) => answer.#json;
  }

  /** How Node shows it: with what those members are. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    return `SucceededAnswer ${inspect({ ...this }, options)}`;
  }

  unwrap(): this {
    if (this.problem === undefined) return this;
    // With a problem it is the other side of the union, see createAnswer.
    throw new ResultError(this as unknown as ProblemResult);
  }
}
