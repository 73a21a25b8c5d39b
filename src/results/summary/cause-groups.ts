import { hintOf } from "../../errors/index.js";
import type { AnswerProblem } from "../../outcome/index.js";
import { judgeLine, toErrorCode } from "../../outcome/index.js";
import { isWorthSending } from "../answer/is-worth-sending.js";
import type { FailedResult, ProblemResult, Result, UnsuccessfulResult } from "../answer/result.js";

/** Why some requests have no usable answer, with all that have the same cause. */
export interface ResultCause {
  readonly status: Result["status"];
  /** The code of the problem, or what the service calls the error: its code, or else its type. */
  readonly code: string;
  /** The HTTP status of a failure. */
  readonly statusCode: number | undefined;
  /** What is said of the first of them. That of a failure is the service's own, and may quote the request. */
  readonly message: string;
  /** With `schema_mismatch`: where a rule is broken, and which: `parsed.city: type (must be string)`. */
  readonly rule?: string;
  readonly hint: string;
  /** Whether sending the same requests again may well help. */
  readonly retryable: boolean;
  /** How many requests have it. */
  readonly count: number;
  /** The first five of them. */
  readonly custom_ids: readonly string[];
}

const maxCauses = 1000;
const maxListedIds = 5;

/** Gathers results without a usable answer by cause. Of a thousand causes and more, the others are gathered by status alone. */
export class CauseGroups {
  readonly #groups = new Map<string, CauseGroup>();
  readonly #numbers: Map<string, number>;

  /** @param numbers those of causes that were found before; those of others are added. */
  constructor(numbers = new Map<string, number>()) {
    this.#numbers = numbers;
  }

  /** Gives the number of its cause, from 1 on in the order in which causes are found; `undefined` for a usable answer. */
  add(result: Result): number | undefined {
    if (result.status === "succeeded" && result.problem === undefined) return undefined;
    const cause = describeCause(result);
    const key = [
      result.status,
      cause.statusCode,
      cause.code,
      cause.retryable,
      cause.rule ?? generalise(cause.message),
    ].join("\n");
    const group = this.#groups.get(key) ?? this.#addGroup(key, { status: result.status, ...cause });
    group.count += 1;
    if (group.custom_ids.length < maxListedIds) group.custom_ids = [...group.custom_ids, result.custom_id];
    return group.number;
  }

  /** Takes back a result that was counted under a number: there is another of its request now. */
  remove(number: number, custom_id: string): void {
    for (const [place, group] of this.#groups) {
      if (group.number !== number) continue;
      group.count -= 1;
      group.custom_ids = group.custom_ids.filter((id) => id !== custom_id);
      if (group.count === 0) this.#groups.delete(place);
      return;
    }
  }

  /** The most frequent first. */
  list(): readonly ResultCause[] {
    return this.listNumbered().map(({ number: _, ...cause }) => cause);
  }

  /** The same, each with its number. */
  listNumbered(): readonly (ResultCause & { readonly number: number })[] {
    return [...this.#groups.values()].sort((one, other) => other.count - one.count);
  }

  #addGroup(key: string, cause: Omit<ResultCause, "count" | "custom_ids">) {
    const isFull = this.#groups.size >= maxCauses;
    const [place, fields] = isFull ? [cause.status, { ...cause, ...otherCauses }] : [key, cause];
    const number = this.#numbers.get(place) ?? this.#numbers.size + 1;
    this.#numbers.set(place, number);
    const group = this.#groups.get(place) ?? { ...fields, number, count: 0, custom_ids: [] };
    this.#groups.set(place, group);
    return group;
  }
}

type CauseGroup = { -readonly [Key in keyof ResultCause]: ResultCause[Key] } & { readonly number: number };

const otherCauses = {
  code: "other",
  statusCode: undefined,
  message: "There are too many different causes to list them all.",
};

type Cause = Pick<ResultCause, "code" | "statusCode" | "message" | "rule" | "hint" | "retryable">;

function describeCause(result: ProblemResult | UnsuccessfulResult): Cause {
  return { statusCode: undefined, retryable: isWorthSending(result), ...describeWords(result) };
}

function describeWords(
  result: ProblemResult | UnsuccessfulResult,
): Pick<Cause, "code" | "message" | "rule" | "hint"> & { readonly statusCode?: number | undefined } {
  switch (result.status) {
    case "succeeded":
      return describeProblem(result.problem);
    case "failed":
      return describeFailure(result);
    case "expired":
      return {
        code: result.error.code ?? "request_expired",
        message: result.error.message,
        hint: hintOf("request_expired"),
      };
    case "cancelled":
      return {
        code: result.error.code ?? "request_cancelled",
        message: result.error.message,
        hint: hintOf("request_cancelled"),
      };
    case "missing":
      return {
        code: "missing_result",
        message: "There is no result in the results files.",
        hint: hintOf("missing_result"),
      };
    case "unreadable":
      return { code: result.problem.code, message: result.problem.message, hint: result.problem.hint };
    default:
      return result satisfies never;
  }
}

function describeProblem({ code, path, message, rule, hint }: AnswerProblem) {
  const place = path.replace(/\[\d+\]/g, "[]");
  return {
    code,
    message: path === "" ? message : `${path}: ${message}`,
    ...(rule === undefined ? {} : { rule: `${place}: ${rule}` }),
    hint,
  };
}

function describeFailure({ statusCode, error, retryable, raw }: FailedResult) {
  return {
    code: toErrorCode(error),
    statusCode,
    message: error.message,
    hint: retryable ? "Send these requests again." : findHint(raw),
  };
}

const again = "send them again then: retryFailed (openbatch run FILE --retry-failed)";

/** What would not succeed if it were sent again now. */
function findHint(line: FailedResult["raw"]): string {
  const outcome = judgeLine(line);
  switch (outcome.status === "failed" ? outcome.cause : undefined) {
    case "key":
      return `Not the requests are wrong but the key, or its rights. Take one that is right, and ${again}.`;
    case "access":
      return `Not the requests are wrong: the server refuses access to whoever sent them. Mend that, and ${again}.`;
    case "quota":
      return `Not the requests are wrong: the account had no quota, credits or balance left. Give it some, and ${again}.`;
    default:
      return "Mend the requests, or what they name: the same requests would fail again.";
  }
}

/** Long names that a service makes up, and numbers. */
const particulars = /\b(?=[\w-]*\d)[\w-]{12,}\b|(?<![\w-])\d[\d.,]*(?:ms|s)?\b/g;

/** What messages of one cause have in common. */
function generalise(message: string): string {
  return message.replace(particulars, "#");
}
