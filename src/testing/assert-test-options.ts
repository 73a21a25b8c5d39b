import {
  assertOptions,
  type BatchStatus,
  countOption,
  flagOption,
  isObject,
  type OptionRule,
  type OptionRules,
} from "../api/index.js";
import { serverRules } from "../serve/index.js";
import { amountOption } from "./amount-option.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";
import type { TestClockOptions } from "./test-clock.js";
import type { TestBatchServerOptions } from "./test-server-options.js";

const clockRules: OptionRules<TestClockOptions> = {
  speed: amountOption,
  start: {
    isValid: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    expected: "a Date",
  },
};

const stageRules: OptionRules<Record<BatchStatus, number>> = {
  validating: amountOption,
  failed: amountOption,
  in_progress: amountOption,
  finalizing: amountOption,
  completed: amountOption,
  expired: amountOption,
  cancelling: amountOption,
  cancelled: amountOption,
};

const troubleRules: OptionRules<BatchServerTrouble> = {
  enqueuedTokenLimits: {
    isValid: (value) => isObject(value) && Object.values(value).every((limit) => countOption.isValid(limit)),
    expected: "an object of models and whole numbers",
  },
  expireAfterRequests: countOption,
  shuffleOutput: flagOption,
  missingLines: {
    isValid: (value) => Array.isArray(value) && value.every((id) => typeof id === "string"),
    expected: "an array of custom_ids",
  },
  emptyErrorFileId: flagOption,
  nullOutputFileId: flagOption,
  unknownStatus: {
    isValid: (value) =>
      isObject(value) &&
      typeof value.status === "string" &&
      (value.polls === undefined || countOption.isValid(value.polls)),
    expected: 'an object such as { status: "paused", polls: 2 }',
  },
  failPolls: countOption,
  cutDownloads: countOption,
  endDownloads: countOption,
  growOutputs: countOption,
  expireOutputs: countOption,
  loseUploads: countOption,
  loseCreates: countOption,
  limitUploads: countOption,
  limitCreates: countOption,
  hideUploads: countOption,
  hideCreates: countOption,
  lockCreates: countOption,
  lagLists: countOption,
  stuckBatches: countOption,
  cancelAfterRequests: countOption,
};

const objectOption: OptionRule = { isValid: isObject, expected: "an object of options" };

const rules: OptionRules<TestBatchServerOptions> = {
  clock: objectOption,
  stageMs: objectOption,
  trouble: objectOption,
  ...serverRules,
};

/** @throws OpenbatchError `invalid_option`: a misspelt trouble would be a test that tests nothing. */
export function assertTestOptions(options: TestBatchServerOptions): void {
  assertOptions(options, rules);
  const { clock = {}, stageMs = {}, trouble = {} } = options;
  assertOptions(clock, clockRules);
  assertOptions(stageMs, stageRules);
  assertOptions(trouble, troubleRules);
}
