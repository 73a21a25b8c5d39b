import { isObject } from "../../api/index.js";
import { type AnswerParts, type AskedItems, noParts } from "./answer-parts.js";
import { toProblem } from "./answer-problem.js";

export interface ItemOptions {
  /** What the list is called in the body. */
  readonly name: string;
  readonly isItem: (item: Readonly<Record<string, unknown>>) => boolean;
  readonly asked: AskedItems | undefined;
}

/** Holds a list of images or of moderations against its request: all of them are there, and none is hollow. */
export function readItemParts(list: unknown, { name, isItem, asked }: ItemOptions): AnswerParts {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  if (items.length === 0) return { ...noParts, isEmpty: true };
  const hollow = items.findIndex((item) => !isObject(item) || !isItem(item));
  const path = `body.${name}`;
  if (hollow !== -1) {
    const problem = toProblem(
      "mismatched_answer",
      `${path}[${hollow}]`,
      "There is nothing that was asked for.",
    );
    return { ...noParts, problem };
  }
  if (asked === undefined || asked.count === items.length) return noParts;
  const message = `The request asks for ${asked.count}, and the answer holds ${items.length}.`;
  return { ...noParts, problem: toProblem("mismatched_answer", path, message) };
}
