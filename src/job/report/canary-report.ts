import { countOf, formatCount, toPlainText, withText } from "../../errors/index.js";
import { type FailureCount, toFailureText } from "../../execute/index.js";
import { toDollars } from "../../plan/index.js";

/** What a sample says of a whole job. `${report}` is its text. */
export interface CanaryReport {
  /** Requests with a result, and those of the file. */
  readonly results: number;
  readonly requests: number;
  /** Results that failed, and answers with a problem. */
  readonly failed: number;
  readonly problems: number;
  /** Both by their causes, the most frequent first. */
  readonly causes: readonly FailureCount[];
  /** Of the results. */
  readonly tokens: { readonly input: number; readonly output: number };
  /** What the whole will cost in batches, in US dollars, by 95 % of such samples; absent where no price is known. */
  readonly cost?: { readonly mean: number; readonly low: number; readonly high: number };
  /** Three of the answers. */
  readonly answers: readonly { readonly custom_id: string; readonly text: string }[];
}

const answerLength = 160;

export function toCanaryReport(fields: CanaryReport): CanaryReport {
  return withText({ ...fields }, toText);
}

export function errorRateOf({ results, failed, problems }: CanaryReport): number {
  return results === 0 ? 1 : (failed + problems) / results;
}

function toText(report: CanaryReport): string {
  const { results, requests, failed, problems, causes, tokens, cost, answers } = report;
  const usable = results - failed - problems;
  const head = `${formatCount(results)} of ${countOf(requests, "request")}`;
  return [
    `Sample: ${head}: ${formatCount(usable)} usable, ${formatCount(problems)} with a problem, ${formatCount(failed)} failed`,
    ...(causes.length === 0 ? [] : [toFailureText(causes)]),
    `${countOf(tokens.input, "token")} in, ${countOf(tokens.output, "token")} out`,
    ...(cost === undefined
      ? []
      : [`all of it: ${toDollars(cost.mean)}, between ${toDollars(cost.low)} and ${toDollars(cost.high)}`]),
    ...answers.map(({ custom_id, text }) => `${JSON.stringify(custom_id)}: ${shorten(toPlainText(text))}`),
  ].join("\n    ");
}

function shorten(text: string): string {
  return text.length > answerLength ? `${text.slice(0, answerLength)}…` : text;
}
