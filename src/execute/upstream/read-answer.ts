import { isObject } from "../../api/index.js";
import { FilledShapes, type HoleKind, toLineBytes, withoutMark } from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import {
  answerHoleAt,
  isRedirect,
  isSuccessStatus,
  judgeResponse,
  type RequestOutcome,
  type ServerAnswer,
} from "../../outcome/index.js";
import type { LaneRequest } from "./lane.js";

/** The body of an answer, ready for a line of results. */
export interface ReadAnswer {
  /** JSON text on one line, with the server's numbers as it wrote them. */
  readonly body: string;
  readonly json: unknown;
}

/** An answer with what it says of its request. */
export interface JudgedAnswer extends ReadAnswer {
  readonly judged: RequestOutcome;
}

/** What is longer, as vectors and images are, is compared no faster than it is parsed. */
const longest = 65_536;

/**
 * Reads answers one after the other. A success of the same shape as one before is not parsed: what differs is filled into what was
 * known, and it is judged as ever. An answer that is anything else goes the whole way.
 */
export class AnswerReader {
  readonly #shapes: FilledShapes | undefined;

  /** @param usesShapes false for tests that compare: then each answer is parsed. */
  constructor(usesShapes = true) {
    this.#shapes = usesShapes ? new FilledShapes(holeAt) : undefined;
  }

  /**
   * Reads an answer. `undefined` where one that tells success holds no JSON. Its `json` is valid until the next is read: what is asked of
   * it has to be taken out till then.
   */
  read(answer: ServerAnswer, request: LaneRequest): JudgedAnswer | undefined {
    const { status, body } = answer;
    const mayHaveShape = this.#shapes !== undefined && isSuccessStatus(status) && body.length <= longest;
    const shaped = mayHaveShape ? this.#readShaped(status, withoutMark(body), request) : undefined;
    if (shaped !== undefined) return shaped;
    const read = readAnswer(answer);
    if (read === undefined) return undefined;
    const judged = judgeResponse({ status, json: read.json }, request);
    if (mayHaveShape && judged.status === "succeeded") this.#keep(read.body);
    return { body: read.body, json: read.json, judged };
  }

  #readShaped(status: number, text: string, request: LaneRequest): JudgedAnswer | undefined {
    const json = this.#shapes?.read(toLineBytes(Buffer.from(text)));
    if (json === undefined) return undefined;
    const judged = judgeResponse({ status, json }, request);
    return judged.status === "succeeded" ? { body: toOneLine(text), json, judged } : undefined;
  }

  #keep(line: string): void {
    this.#shapes?.keep(line, () => toObject(tryParseJson(line)));
  }
}

/** Vectors are read by nobody here: to go through their digits would be for nothing. */
function holeAt(path: readonly (string | null)[]): HoleKind | undefined {
  const hole = answerHoleAt(path);
  return hole?.kind === "floats" ? undefined : hole;
}

function toObject(json: unknown): Readonly<Record<string, unknown>> {
  return isObject(json) ? json : {};
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
function toOneLine(text: string): string {
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
