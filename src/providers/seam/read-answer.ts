import { isObject } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { isSuccessStatus, judgeResponse, readAgainMs, type ServerAnswer } from "../../outcome/index.js";
import { ServiceRefusal } from "./service-refusal.js";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The status and the errors of a batch are no failure of what was asked.
 * @throws ServiceRefusal for every answer that is no success with an object.
 */
export function readObject(answer: ServerAnswer): JsonObject {
  const json = tryParseJson(answer.body);
  if (!isSuccessStatus(answer.status)) throw toServiceRefusal(answer);
  if (!isObject(json)) throw toOddAnswer(answer, "no JSON object");
  if (isObject(json.error)) throw toServiceRefusal(answer);
  return json;
}

export function toServiceRefusal(answer: ServerAnswer): ServiceRefusal {
  const { status, body } = answer;
  const outcome = judgeResponse({ status, json: tryParseJson(body) ?? body });
  const { error, cause } = outcome.status === "failed" ? outcome : { error: unsaid(""), cause: undefined };
  return new ServiceRefusal({ status, error, cause, againMs: readAgainMs(answer) });
}

/** Nobody knows what was done: it is looked for before it is done again. */
export function toOddAnswer({ status }: ServerAnswer, what: string): ServiceRefusal {
  return new ServiceRefusal({
    status,
    error: unsaid(`the answer holds ${what}`),
    cause: undefined,
    againMs: 0,
  });
}

/** What has to be waited for, for a service's own reason. */
export function toNotYet({ status }: ServerAnswer, message: string): ServiceRefusal {
  return new ServiceRefusal({
    status,
    error: unsaid(message),
    cause: undefined,
    againMs: undefined,
    isNotYet: true,
  });
}

function unsaid(message: string): ServiceRefusal["error"] {
  return { message, type: undefined, code: undefined, param: undefined };
}
