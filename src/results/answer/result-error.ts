import { type Code, OpenbatchError, quoteId } from "../../errors/index.js";
import type { ProblemResult, UnsuccessfulResult } from "./result.js";

/** Thrown by `unwrap()` of a result that is not usable. Its message quotes neither the answer nor the service. */
export class ResultError extends OpenbatchError {
  override readonly name = "ResultError";
  /** The result itself, with all that is known. */
  readonly result: ProblemResult | UnsuccessfulResult;

  constructor(result: ProblemResult | UnsuccessfulResult) {
    const { code, message, hint } = describeResult(result);
    super(code, `${quoteId(result.custom_id)}: ${message}`, hint === undefined ? {} : { hint });
    this.result = result;
  }
}

interface Description {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
}

function describeResult(result: ProblemResult | UnsuccessfulResult): Description {
  switch (result.status) {
    case "succeeded":
      return { ...result.problem, message: `${result.problem.path}: ${result.problem.message}` };
    case "failed":
      return { code: "request_failed", message: describeFailure(result) };
    case "expired":
      return { code: "request_expired", message: "the batch ended before the request was executed." };
    case "cancelled":
      return { code: "request_cancelled", message: "the request was cancelled." };
    case "missing":
      return { code: "missing_result", message: "there is no result in the results files." };
    case "unreadable":
      return {
        code: "unreadable_result",
        message: `${result.file}, line ${result.line}: ${result.problem.message}`,
      };
    default:
      return result satisfies never;
  }
}

function describeFailure({ statusCode, error }: Extract<UnsuccessfulResult, { status: "failed" }>): string {
  const words = [statusCode, error.code, error.type].filter((word) => word !== undefined);
  const where = error.param === undefined ? "" : ` at ${error.param}`;
  return `the request failed${words.length === 0 ? "" : ` with ${words.join(", ")}`}${where}.`;
}
