import { setImmediate } from "node:timers/promises";
import type { JsonSchema } from "../format.js";
import { runWithin } from "../patterns/run-within.js";
import { type MaybePromise, toIssues, type Validation } from "../validation.js";
import { toAnswerWatch } from "./answer-watch.js";

type Validate = (answer: unknown) => MaybePromise<Validation<unknown>>;

/** How long an answer may take, in milliseconds: thousands of times as long as usual. */
const usualLimit = { ms: 500, rule: "time (to be checked within half a second)" };
/** The same once several took longer: a file may have thousands of them. */
const shortLimit = { ms: 25, rule: "time (to be checked within 25 ms, after others took half a second)" };
const slowAnswers = 3;

/** How long the answers to one schema may take. */
class Patience {
  #slow = 0;

  get limit(): typeof usualLimit {
    return this.#slow < slowAnswers ? usualLimit : shortLimit;
  }

  /** What is said of an answer that took longer than it may. */
  end(): Validation<never> {
    const { rule } = this.limit;
    this.#slow += 1;
    return issue(
      "It takes too long to be checked: the schema's patterns or recursion go through it in endless ways.",
      rule,
    );
  }
}

/**
 * Checks as what does no more than a JSON Schema shows, but never throws, and comes to an end: answers come from outside,
 * and with them a pattern may backtrack for years. The schema tells of which answers; they alone are watched.
 */
export function toWatched(validate: Validate, schema: JsonSchema): Validate {
  let watch: ((answer: unknown) => boolean) | undefined;
  const check = withoutThrowing(validate);
  const patience = new Patience();
  return (answer) => {
    watch ??= toAnswerWatch(schema);
    if (!watch(answer)) return check(answer);
    let validation: MaybePromise<Validation<unknown>> | undefined;
    runWithin(patience.limit.ms, () => {
      validation = check(answer);
    });
    return validation ?? patience.end();
  };
}

/**
 * The same for a library's own validator, of which nothing is known: every answer is watched. To watch costs as much for a hundred
 * answers as for one, so it is done for all at once that are given before the first promise is waited for. Of an async validator
 * the part before its first promise is bounded.
 */
export function toGuarded(validate: Validate): Validate {
  const check = withoutThrowing(validate);
  const patience = new Patience();
  return (answer) =>
    new Promise((resolve) => {
      waiting.push({ check: () => check(answer), patience, resolve });
      if (waiting.length === 1) queueMicrotask(checkAll);
    });
}

interface WaitingAnswer {
  readonly check: () => MaybePromise<Validation<unknown>>;
  readonly patience: Patience;
  readonly resolve: (validation: MaybePromise<Validation<unknown>>) => void;
}

/** Answers that are not checked yet; the first of them is being checked. */
const waiting: WaitingAnswer[] = [];

async function checkAll(): Promise<void> {
  for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
    const isInTime = checkWithin(first.patience);
    // The rest of the process has its turn, so that a signal is heard however many such answers there are.
    if (!isInTime) await setImmediate();
  }
}

/** Checks what waits, as far as the time goes. Where it was used up, the one under way has it all to itself the next time. */
function checkWithin(patience: Patience): boolean {
  const checked: MaybePromise<Validation<unknown>>[] = [];
  const isInTime = runWithin(patience.limit.ms, () => {
    for (const { check } of waiting) checked.push(check());
  });
  if (!isInTime && checked.length === 0) checked.push(patience.end());
  for (const [index, validation] of checked.entries()) waiting[index]?.resolve(validation);
  waiting.splice(0, checked.length);
  return isInTime;
}

function withoutThrowing(validate: Validate): Validate {
  return (answer) => {
    try {
      const validation = validate(answer);
      return validation instanceof Promise ? validation.catch(toFailure) : validation;
    } catch (error) {
      return toFailure(error);
    }
  };
}

function toFailure(error: unknown): Validation<never> {
  const isStack = error instanceof RangeError && error.message.includes("call stack");
  return isStack
    ? issue("It is nested too deeply to be checked.", "depth (no more levels than can be checked)")
    : issue("The schema's validator threw.", "validator (threw)");
}

function issue(message: string, rule: string): Validation<never> {
  return { issues: toIssues([{ message, rule }]) };
}
