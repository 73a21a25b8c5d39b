import {
  assertOptions,
  choiceOption,
  functionOption,
  type OptionRule,
  type OptionRules,
  signalOption,
} from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { OpenResultsOptions, ReadResultsOptions } from "./read-results-options.js";

const schemaOption: OptionRule = {
  isValid: isSchemaLike,
  expected: "a schema of any library, or what toFormat takes",
};

const openRules: OptionRules<OpenResultsOptions> = {
  results: {
    isValid: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isPath) : isPath(value)),
    expected: "the path of a results file, or a list of at least one",
    flag: "--results",
  },
  from: { isValid: (value) => typeof value === "string", expected: "the name of a service", flag: "--from" },
  requests: { isValid: isPath, expected: "the path of the batch file" },
  format: schemaOption,
  formats: {
    isValid: (value) =>
      typeof value === "object" && value !== null && Object.values(value).every(isSchemaLike),
    expected: "an object with a schema under the name of each format",
  },
  order: choiceOption("requests", "found"),
  signal: signalOption,
  onProgress: functionOption,
};

const readRules: OptionRules<ReadResultsOptions> = { ...openRules, onStray: functionOption };

/** @throws OpenbatchError `invalid_option` */
export function assertReadOptions(options: ReadResultsOptions): void {
  assertOptions(options, readRules);
  assertTogether(options);
}

/** @throws OpenbatchError `invalid_option` */
export function assertOpenOptions(options: OpenResultsOptions): void {
  assertOptions(options, openRules);
  assertTogether(options);
}

function isPath(value: unknown): boolean {
  return typeof value === "string" || value instanceof URL;
}

function isSchemaLike(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function assertTogether({ results, requests, format, formats, order }: OpenResultsOptions): void {
  if (results === undefined)
    throw toError("No results file is named.", "Name one or many: results (--results).");
  if (format !== undefined && formats !== undefined) {
    throw toError(
      "format and formats exclude each other.",
      "Give format for one schema, formats for several.",
    );
  }
  if ([results, requests].flat().filter((path) => path === "-").length > 1) {
    throw toError("Standard input is named twice.", 'Name "-" once.');
  }
  if (requests !== undefined) return;
  if (formats !== undefined) {
    throw toError(
      "formats needs the batch file: the requests say which format each answer has.",
      "Name the batch file as requests, or give one format for all.",
    );
  }
  if (order === "requests") {
    throw toError(
      "There is no order of requests without the batch file.",
      "Name the batch file as requests.",
    );
  }
}

function toError(message: string, hint: string): OpenbatchError {
  return new OpenbatchError("invalid_option", message, { hint });
}
