import type { ToolCall } from "./to-tool-call.js";

/** What an answer holds, whichever endpoint it is from. */
export interface AnswerParts {
  readonly text: string | undefined;
  readonly refusal: string | undefined;
  readonly finish: string | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly embeddings: readonly Float32Array[];
  /** Whether there is nothing where a text, a tool call or the like belongs. */
  readonly isEmpty: boolean;
}

/** An answer of an endpoint that answers with something else. */
export const noParts: AnswerParts = {
  text: undefined,
  refusal: undefined,
  finish: undefined,
  toolCalls: Object.freeze([]),
  embeddings: Object.freeze([]),
  isEmpty: false,
};
