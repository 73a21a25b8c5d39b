import type { Endpoint, Usage } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { FailedOutcome, RequestOutcome, ServiceError } from "../../outcome/index.js";
import type { FailedResult, MissingResult, UnreadableResult } from "./result.js";
import { ResultError } from "./result-error.js";
import { addSpent, readSpent, type Untaken } from "./untaken.js";

type JsonObject = Readonly<Record<string, unknown>>;

type UnexecutedOutcome = Extract<RequestOutcome, { status: "expired" | "cancelled" }>;

/** Which request a result is of. */
export interface RequestOrigin {
  readonly custom_id: string;
  readonly url: Endpoint | undefined;
  readonly requestLine: number | undefined;
}

/** Which line a result was read from. */
export interface Origin extends RequestOrigin {
  readonly file: string;
  readonly line: number;
  readonly untaken: Untaken;
}

export class Missing implements MissingResult {
  readonly status = "missing";
  readonly custom_id: string;
  readonly url: Endpoint | undefined;
  readonly requestLine: number | undefined;
  readonly rounds = 0;
  readonly spent = undefined;

  constructor({ custom_id, url, requestLine }: RequestOrigin) {
    this.custom_id = custom_id;
    this.url = url;
    this.requestLine = requestLine;
  }

  unwrap(): never {
    throw new ResultError(this);
  }
}

class Read {
  readonly custom_id: string;
  readonly url: Endpoint | undefined;
  readonly requestLine: number | undefined;
  readonly file: string;
  readonly line: number;
  readonly rounds: number;
  readonly spent: Usage | undefined;

  constructor({ custom_id, url, requestLine, file, line, untaken }: Origin, raw: JsonObject) {
    this.custom_id = custom_id;
    this.url = url;
    this.requestLine = requestLine;
    this.file = file;
    this.line = line;
    this.rounds = 1 + untaken.lines;
    this.spent = addSpent(readSpent(raw), untaken.usage);
  }
}

export class Unreadable extends Read implements UnreadableResult {
  readonly status = "unreadable";
  readonly problem: Problem;

  constructor(origin: Origin, problem: Problem) {
    super(origin, {});
    this.problem = problem;
  }

  unwrap(): never {
    throw new ResultError(this);
  }
}

export class Failed extends Read implements FailedResult {
  readonly status = "failed";
  readonly statusCode: number | undefined;
  readonly error: ServiceError;
  readonly retryable: boolean;
  readonly request_id: string | undefined;
  readonly raw: JsonObject;

  constructor(origin: Origin, raw: JsonObject, outcome: FailedOutcome) {
    super(origin, raw);
    this.statusCode = outcome.statusCode;
    this.error = outcome.error;
    this.retryable = outcome.retryable;
    this.request_id = outcome.request_id;
    this.raw = raw;
  }

  unwrap(): never {
    throw new ResultError(this);
  }
}

/** A request that was not executed, or not to its end: expired or cancelled. */
export class Unexecuted extends Read {
  readonly status: "expired" | "cancelled";
  readonly error: ServiceError;
  readonly raw: JsonObject;

  constructor(origin: Origin, raw: JsonObject, { status, error }: UnexecutedOutcome) {
    super(origin, raw);
    this.status = status;
    this.error = error;
    this.raw = raw;
  }

  unwrap(): never {
    throw new ResultError(this);
  }
}
