import type { AnswerProblem } from "./answer-problem.js";
import type { ToolCall } from "./to-tool-call.js";

/** What an answer holds, whichever endpoint it is from. */
export interface AnswerParts {
  readonly text: string | undefined;
  /** The texts of several messages, where any of them may be the answer; else there are none. */
  readonly candidates: readonly string[];
  readonly refusal: string | undefined;
  readonly finish: string | undefined;
  readonly toolCalls: readonly ToolCall[];
  /** In the order of the inputs, with a hole for each that has no vector that can be used. */
  readonly embeddings: readonly (Float32Array | undefined)[];
  /** Whether there is nothing where a text, a tool call or the like belongs. */
  readonly isEmpty: boolean;
  /** Why this is not what was asked for, where the endpoint's own shape tells. */
  readonly problem: AnswerProblem | undefined;
}

/** What a request asks for that its answer can be held against. */
export interface AskedItems {
  /** Embedding inputs, images or moderation inputs. */
  readonly count: number;
  /** Numbers in each vector, where the request says so. */
  readonly dimensions: number | undefined;
}

/** An answer of an endpoint that answers with something else. */
export const noParts: AnswerParts = {
  text: undefined,
  candidates: Object.freeze([]),
  refusal: undefined,
  finish: undefined,
  toolCalls: Object.freeze([]),
  embeddings: Object.freeze([]),
  isEmpty: false,
  problem: undefined,
};
