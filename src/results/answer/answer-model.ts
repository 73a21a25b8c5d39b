import { isObject } from "../../api/index.js";
import type { Result } from "./result.js";

/** Under which an answer has its model, beside what everybody sees of it. */
export const answerModel = Symbol("model");

/** The model that the body of an answer names; known without parsing what was not parsed. */
export function answerModelOf(result: Result | undefined): unknown {
  if (result?.status !== "succeeded") return undefined;
  if (answerModel in result) return result[answerModel];
  return isObject(result.body) ? result.body.model : undefined;
}
