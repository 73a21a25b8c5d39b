import { isObject } from "../api/index.js";

/** What became of an answer: the value that the schema makes of it, or what is wrong with it. */
export type Validation<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly ValidationIssue[] };

export interface ValidationIssue {
  /** The words of the schema's library. Some libraries show the value that they refuse. */
  readonly message: string;
  /** The keys and indexes that lead to what is wrong. Empty for the answer as a whole. */
  readonly path: readonly (string | number)[];
}

export type MaybePromise<Value> = Value | Promise<Value>;

/** The issues of any library, without what else it keeps in them. */
export function toIssues(issues: readonly unknown[]): readonly ValidationIssue[] {
  // Array.from, because ArkType's lists are of classes that keep their kind when they are mapped.
  return Array.from(issues, (issue) => {
    const { message, path } = isIssue(issue) ? issue : {};
    return {
      message: typeof message === "string" ? message : "The answer was refused.",
      path: Array.isArray(path) ? Array.from(path, toKey) : [],
    };
  });
}

function isIssue(issue: unknown): issue is { readonly message?: unknown; readonly path?: unknown } {
  return typeof issue === "object" && issue !== null;
}

function toKey(step: unknown): string | number {
  const key = isObject(step) && "key" in step ? step.key : step;
  return typeof key === "number" ? key : String(key);
}
