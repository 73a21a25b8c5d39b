import { isObject, readUsage, recogniseEndpoint, type Usage } from "../../api/index.js";
import {
  type FailureName,
  findProblem,
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
  /** The model that was asked. */
  readonly model: string | undefined;
  /** The class of service that answered, where the server names one. */
  readonly tier: string | undefined;
  /** How often it was sent in this run. */
  readonly attempts: number;
  /** From the first attempt to the end, in milliseconds. */
  readonly ms: number;
}

/** A request and what became of it. */
export interface FinishedRequest {
  readonly custom_id: string;
  readonly url: string;
  readonly model: string | undefined;
  readonly outcome: Answered | Unanswered;
}

export function toSettled({ custom_id, url, model, outcome }: FinishedRequest): SettledRequest {
  const { attempts, ms } = outcome;
  const judged = outcome.kind === "answered" ? outcome.judged : judgeUnanswered(outcome.error);
  const failure = nameFailure(judged);
  const problem = judged.status === "succeeded" ? findOwnProblem(url, judged.body) : undefined;
  const usage = outcome.kind === "unanswered" ? undefined : readUsage(outcome.json);
  const tier = outcome.kind === "unanswered" ? undefined : readTier(outcome.json);
  const succeeded = failure === undefined;
  return { custom_id, succeeded, failure, problem, usage, model, tier, attempts, ms };
}

function readTier(json: unknown): string | undefined {
  return isObject(json) && typeof json.service_tier === "string" ? json.service_tier : undefined;
}

function findOwnProblem(url: string, body: Readonly<Record<string, unknown>>): FailureName | undefined {
  const endpoint = recogniseEndpoint(url);
  // To read embeddings is to decode them all.
  if (endpoint === "/v1/embeddings") return undefined;
  const problem = findProblem(readAnswerParts(endpoint, body));
  return problem && { statusCode: undefined, code: problem.code };
}
