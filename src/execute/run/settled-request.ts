import { readUsage, recogniseEndpoint, type Usage } from "../../api/index.js";
import {
  type FailureName,
  findProblem,
  judgeResponse,
  judgeUnanswered,
  nameFailure,
  readAnswerParts,
} from "../../outcome/index.js";
import type { Answered, Unanswered } from "../upstream/lane.js";

/** A request whose result has just been written. */
export interface SettledRequest {
  readonly custom_id: string;
  readonly succeeded: boolean;
  /** Why it failed, if it did. */
  readonly failure: FailureName | undefined;
  /** What is wrong with the answer of a success, as far as it shows without its format: that it was cut off, filtered, refused or empty. */
  readonly problem: FailureName | undefined;
  readonly usage: Usage | undefined;
  /** How often it was sent in this run. */
  readonly attempts: number;
  /** From the first attempt to the end, in milliseconds. */
  readonly ms: number;
}

/** A request and what became of it. */
export interface FinishedRequest {
  readonly custom_id: string;
  readonly url: string;
  readonly outcome: Answered | Unanswered;
}

export function toSettled({ custom_id, url, outcome }: FinishedRequest): SettledRequest {
  const { attempts, ms } = outcome;
  const judged = outcome.kind === "answered" ? judgeResponse(outcome) : judgeUnanswered(outcome.error);
  const failure = nameFailure(judged);
  const problem = judged.status === "succeeded" ? findOwnProblem(url, judged.body) : undefined;
  const usage = outcome.kind === "unanswered" ? undefined : readUsage(outcome.json);
  return { custom_id, succeeded: failure === undefined, failure, problem, usage, attempts, ms };
}

function findOwnProblem(url: string, body: Readonly<Record<string, unknown>>): FailureName | undefined {
  const endpoint = recogniseEndpoint(url);
  // To read embeddings is to decode them all.
  if (endpoint === "/v1/embeddings") return undefined;
  const problem = findProblem(readAnswerParts(endpoint, body));
  return problem && { statusCode: undefined, code: problem.code };
}
