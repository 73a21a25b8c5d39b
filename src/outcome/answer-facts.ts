import { isObject, readUsage, recogniseEndpoint, type Usage } from "../api/index.js";
import { findProblem } from "./answer/find-problem.js";
import { readAnswerParts } from "./answer/read-answer-parts.js";
import { type FailureName, nameFailure } from "./failure-name.js";
import type { RequestOutcome } from "./outcome.js";

/** What a run asks of an answer. */
export interface AnswerFacts {
  /** Why the request failed, if it did. */
  readonly failure: FailureName | undefined;
  /** What is wrong with the answer of a success, as far as it shows without its format: that it was cut off, filtered, refused or empty. */
  readonly problem: FailureName | undefined;
  readonly usage: Usage | undefined;
  /** The class of service that answered, where the server names one. */
  readonly tier: string | undefined;
}

/** Takes out of an answer what will be asked of it: what was parsed for it need not be kept. */
export function readFacts(url: string, json: unknown, judged: RequestOutcome): AnswerFacts {
  const problem = judged.status === "succeeded" ? findOwnProblem(url, judged.body) : undefined;
  return { failure: nameFailure(judged), problem, usage: readUsage(json), tier: readTier(json) };
}

function findOwnProblem(url: string, body: Readonly<Record<string, unknown>>): FailureName | undefined {
  const endpoint = recogniseEndpoint(url);
  // To read embeddings is to decode them all.
  if (endpoint === "/v1/embeddings") return undefined;
  const problem = findProblem(readAnswerParts(endpoint, body));
  return problem && { statusCode: undefined, code: problem.code };
}

function readTier(json: unknown): string | undefined {
  return isObject(json) && typeof json.service_tier === "string" ? json.service_tier : undefined;
}
