import type { JsonSchema } from "../format.js";
import { runWithin } from "../patterns/run-within.js";
import { type MaybePromise, toIssues, type Validation } from "../validation.js";
import { toAnswerWatch } from "./answer-watch.js";

type Validate = (answer: unknown) => MaybePromise<Validation<unknown>>;

/** How long one answer may take, in milliseconds: thousands of times as long as usual. */
const limitMs = 500;

/**
 * Checks as `validate` does, but never throws, and comes to an end: answers come from outside, and with them a pattern may
 * backtrack for years. Of an async validator the part before its first promise is bounded.
 */
export function toGuarded(validate: Validate, toSchema: () => JsonSchema): Validate {
  let watch: ((answer: unknown) => boolean) | undefined;
  return (answer) => {
    try {
      watch ??= toAnswerWatch(toSchema());
      const validation = watch(answer) ? validateWithin(validate, answer) : validate(answer);
      return validation instanceof Promise ? validation.catch(toFailure) : validation;
    } catch (error) {
      return toFailure(error);
    }
  };
}

function validateWithin(validate: Validate, answer: unknown): MaybePromise<Validation<unknown>> {
  let validation: MaybePromise<Validation<unknown>> | undefined;
  runWithin(limitMs, () => {
    validation = validate(answer);
  });
  return (
    validation ??
    issue(
      "It takes too long to be checked: the schema's patterns or recursion go through it in endless ways.",
      "time (to be checked within half a second)",
    )
  );
}

function toFailure(error: unknown): Validation<never> {
  const isStack = error instanceof RangeError && error.message.includes("call stack");
  return isStack
    ? issue("It is nested too deeply to be checked.", "depth (to be checked without end of the stack)")
    : issue("The schema's validator threw.", "validator (threw)");
}

function issue(message: string, rule: string): Validation<never> {
  return { issues: toIssues([{ message, rule }]) };
}
