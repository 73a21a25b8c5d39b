import { isObject } from "../api/index.js";
import { RehearsedError } from "./answers/rehearsed-error.js";

/** A request for which an answer of one's own may be given. */
export interface AnsweredRequest {
  /** `undefined` for a request that was sent to the endpoint itself, outside a batch. */
  readonly custom_id: string | undefined;
  /** As in the line: `/v1/chat/completions`. */
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A whole body, the text of an answer that is made up otherwise, or `undefined` for one that is made up altogether. */
export type OwnAnswer = object | string | undefined;

/** Asks for an answer of one's own. @throws RehearsedError 400 where there is none to be had. */
export function askForAnswer(
  answers: ((request: AnsweredRequest) => OwnAnswer) | undefined,
  request: AnsweredRequest,
): OwnAnswer {
  if (answers === undefined) return undefined;
  const answer = callAnswers(answers, request);
  if (answer instanceof Promise) throw toOwnError("gave a promise: it is not waited for");
  if (answer === undefined || isObject(answer)) return answer;
  if (typeof answer !== "string") throw toOwnError("gave no object, text or undefined");
  if (!/(?:\/responses|completions|\/messages)$/.test(request.url))
    throw toOwnError(`gave a text, and ${request.url} answers with none: give a body`);
  return answer;
}

function callAnswers(answers: (request: AnsweredRequest) => OwnAnswer, request: AnsweredRequest): OwnAnswer {
  try {
    return answers(request);
  } catch (error) {
    throw toOwnError(`threw: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function toOwnError(what: string): RehearsedError {
  return new RehearsedError(400, `The function that is given as answers ${what}.`);
}
