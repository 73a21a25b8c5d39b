import { classifyLine } from "./classify-line.js";
import { type FailureName, nameFailure } from "./failure-name.js";

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

type Outcome =
  | (Answer & { readonly kind: "answered" })
  | { readonly kind: "unanswered"; readonly error: { readonly code: string; readonly message: string } };

/** Whether an answer counts as a success: it does where {@link classifyLine} will say so of its line. */
export function isSuccess({ status, json }: Answer): boolean {
  if (!isSuccessStatus(status)) return false;
  return classifyLine({ response: { status_code: status, body: json } }).status === "succeeded";
}

/** Whether an endpoint says that it answers with what it was asked for. */
export function isSuccessStatus(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Why a request failed, as the results will call it; `undefined` for a success. */
export function findFailure(outcome: Outcome): FailureName | undefined {
  if (outcome.kind === "unanswered") return nameFailure(classifyLine({ error: outcome.error }));
  return nameFailure(classifyLine({ response: { status_code: outcome.status, body: outcome.json } }));
}
