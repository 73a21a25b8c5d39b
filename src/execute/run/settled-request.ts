import type { AnswerFacts } from "../../outcome/index.js";
import { judgeUnanswered, nameFailure } from "../../outcome/index.js";
import type { Answered, Unanswered } from "../upstream/lane.js";

/** A request whose result has just been written. */
export interface SettledRequest extends AnswerFacts {
  readonly custom_id: string;
  readonly succeeded: boolean;
  /** The model that was asked. */
  readonly model: string | undefined;
  /** How often it was sent in this run. */
  readonly attempts: number;
  /** From the first attempt to the end, in milliseconds. */
  readonly ms: number;
}

/** A request and what became of it. */
export interface FinishedRequest {
  readonly custom_id: string;
  readonly model: string | undefined;
  readonly outcome: Answered | Unanswered;
}

export function toSettled({ custom_id, model, outcome }: FinishedRequest): SettledRequest {
  const { attempts, ms } = outcome;
  const { failure, problem, usage, tier } =
    outcome.kind === "answered"
      ? outcome
      : { ...noFacts, failure: nameFailure(judgeUnanswered(outcome.error)) };
  const succeeded = failure === undefined;
  return { custom_id, succeeded, failure, problem, usage, model, tier, attempts, ms };
}

/** Of no answer. */
const noFacts = { problem: undefined, usage: undefined, tier: undefined };
