import { type Transport, TransportFailure } from "../../http/index.js";
import { judgeAnswer, judgeFailure } from "./attempt-end.js";
import type { LaneRequest } from "./lane.js";
import type { AttemptEnd, Back, Layer } from "./layer.js";
import type { AnswerReader } from "./read-answer.js";
import type { RequestUnderWay } from "./request-under-way.js";

/** The lowest layer: one attempt at the server. */
export class Attempts implements Layer {
  readonly #transport: Transport<LaneRequest>;
  readonly #reader: AnswerReader;
  readonly #onUnexpected: (request: RequestUnderWay, error: unknown) => void;

  /** @param onUnexpected called where something goes wrong above, with what an attempt ended with. */
  constructor(
    transport: Transport<LaneRequest>,
    reader: AnswerReader,
    onUnexpected: (request: RequestUnderWay, error: unknown) => void,
  ) {
    this.#transport = transport;
    this.#reader = reader;
    this.#onUnexpected = onUnexpected;
  }

  send(request: RequestUnderWay, back: Back): void {
    this.#transport.send(request.request, request.attempts, request.owner.signal).then(
      (answer) => this.#handBack(request, back, () => judgeAnswer(answer, request, this.#reader)),
      (error: unknown) => this.#handBack(request, back, () => judgeError(error, request)),
    );
  }

  #handBack(request: RequestUnderWay, back: Back, toEnd: () => AttemptEnd): void {
    try {
      back(judge(toEnd));
    } catch (error) {
      this.#onUnexpected(request, error);
    }
  }
}

/** Whatever goes wrong with an answer ends the sending in good order, and not the process. */
function judge(toEnd: () => AttemptEnd): AttemptEnd {
  try {
    return toEnd();
  } catch (error) {
    return { kind: "cut short", error };
  }
}

function judgeError(error: unknown, request: RequestUnderWay): AttemptEnd {
  if (!(error instanceof TransportFailure)) return { kind: "cut short", error };
  return error.kind === "aborted" ? { kind: "cut short" } : judgeFailure(error, request);
}
