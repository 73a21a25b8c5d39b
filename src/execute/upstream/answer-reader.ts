import { isObject } from "../../api/index.js";
import { FilledShapes, type HoleKind, withoutMark } from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import {
  answerHoleAt,
  isSuccessStatus,
  judgeResponse,
  type RequestOutcome,
  type ServerAnswer,
} from "../../outcome/index.js";
import type { LaneRequest } from "./lane.js";
import { type ReadAnswer, readAnswer, toOneLine } from "./read-answer.js";

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
    const json = this.#shapes?.read(text, undefined);
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
