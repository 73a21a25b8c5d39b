import { isObject } from "../../api/index.js";
import { withoutMark } from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { isRedirect, isSuccessStatus, type ServerAnswer } from "../../outcome/index.js";

/** The body of an answer, ready for a line of results. */
export interface ReadAnswer {
  /** JSON text on one line, with the server's numbers as it wrote them. */
  readonly body: string;
  readonly json: unknown;
}

const maxErrorText = 2000;

/** Reads the body of an answer. `undefined` where an answer that tells success holds no JSON. */
export function readAnswer(answer: ServerAnswer): ReadAnswer | undefined {
  const text = withoutMark(answer.body);
  const json = tryParseJson(text);
  if (isSuccessStatus(answer.status)) {
    return json === undefined ? undefined : { json, body: toOneLine(text) };
  }
  return isObject(json) || Array.isArray(json) ? { json, body: toOneLine(text) } : toErrorBody(answer, text);
}

/** JSON has line ends only between its tokens, never in a string: what follows one, up to the next token, means nothing. */
export function toOneLine(text: string): string {
  return text.includes("\n") || text.includes("\r") ? text.replace(/[\r\n]+[ \t\r\n]*/g, "") : text;
}

/** An error that is neither a JSON object nor a list of them, in the shape that the service's own errors have. */
function toErrorBody(answer: ServerAnswer, text: string): ReadAnswer {
  const json = {
    error: { message: toErrorMessage(answer, text), type: "upstream_error", param: null, code: null },
  };
  return { json, body: JSON.stringify(json) };
}

function toErrorMessage({ status, header }: ServerAnswer, text: string): string {
  if (isRedirect(status)) return toRedirectMessage(status, header("location"));
  const trimmed = text.trim();
  if (trimmed === "") return `The server answered with status ${status} and an empty body.`;
  const shown = trimmed.length > maxErrorText ? `${trimmed.slice(0, maxErrorText - 1)}…` : trimmed;
  return shown;
}

function toRedirectMessage(status: number, location: string | undefined): string {
  const to = location !== undefined && URL.canParse(location) ? ` to ${new URL(location).origin}` : "";
  return `The server redirects${to} (status ${status}); redirects are not followed, so that the key stays where it belongs.`;
}
