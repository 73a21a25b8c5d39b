import { isObject } from "../api/index.js";
import { type BatchFile, LineSet, selectLines } from "../batch-file/index.js";
import { OpenbatchError } from "../errors/index.js";
import { FailureCounts } from "../execute/index.js";
import { loadPricing, type Pricing } from "../plan/index.js";
import { type Result, readResults } from "../results/index.js";
import { openCostLimit } from "./life/cost-limit.js";
import type { JobContext } from "./life/job-context.js";
import type { Connection, JobPlace } from "./place-job.js";
import { type CanaryReport, errorRateOf, toCanaryReport } from "./report/canary-report.js";
import type { SubmitBatchFileOptions } from "./report/job-options.js";
import { findOpenLines, runHere } from "./run-here.js";

const defaultErrorRate = 0.05;
const answersShown = 3;
/** Of a normal distribution, 95 % are within so many standard deviations. */
const deviations = 1.96;

export interface PassCanaryOptions {
  readonly connection: Connection;
  readonly context: JobContext;
  readonly doing: SubmitBatchFileOptions & { readonly submits: boolean };
  /** Submits a sample as a batch. */
  readonly submitSample: (sample: number) => Promise<unknown>;
}

/** Sends a sample first, where that is asked for. Once passed, it is not looked at again. @throws OpenbatchError `canary_failed` */
export async function passCanary(
  place: JobPlace,
  { connection, context, doing, submitSample }: PassCanaryOptions,
): Promise<void> {
  const { state, work } = context;
  const { canary, submits } = doing;
  if (canary === undefined || !submits || state.record.canary_passed_at !== undefined) return;
  await bookCanary(place, context, { ...doing, canary });
  const { batchFile } = work;
  await runCanary(place, connection, { ...doing, canary, batchFile, submitSample });
  await state.set({ canary_passed_at: new Date().toISOString() });
}

/** Before the sample is sent, the job as a whole is within its limit. */
async function bookCanary(
  place: JobPlace,
  context: JobContext,
  doing: SubmitBatchFileOptions & { readonly canary: number },
): Promise<void> {
  const limit = await openCostLimit(place.profile, doing);
  if (limit === undefined || context.state.record.costs_elsewhere?.canary !== undefined) return;
  const { batchFile } = context.work;
  const open = await findOpenLines(place.paths.output, context);
  const sample = selectLines(batchFile, { sample: doing.canary });
  const isSingle = (line: number) => place.profile.lines === "openai" && sample.has(line);
  const [lines, rest] = [new LineSet(batchFile.lines), new LineSet(batchFile.lines)];
  for (const line of open) (isSingle(line) ? lines : rest).add(line);
  await limit.bookSingle("canary", { lines, rest }, context);
}

interface CanaryOptions extends Pick<SubmitBatchFileOptions, "maxErrorRate" | "tokenPrice" | "onEvent"> {
  readonly canary: number;
  readonly batchFile: BatchFile;
  /** Submits a sample as a batch, where the service takes no single requests in our lines. */
  readonly submitSample: (sample: number) => Promise<unknown>;
}

/**
 * Sends a sample first, and looks at what came back: the rest is worth its price only where that is usable.
 * @throws OpenbatchError `canary_failed`
 */
async function runCanary(place: JobPlace, connection: Connection, options: CanaryOptions): Promise<void> {
  const { canary, maxErrorRate = defaultErrorRate, onEvent } = options;
  if (place.profile.lines === "openai") await runHere(place, connection, { sample: canary });
  else await options.submitSample(canary);
  const report = await describeSample(place, options);
  onEvent?.({ kind: "canary", report });
  const rate = errorRateOf(report);
  if (rate <= maxErrorRate) return;
  throw new OpenbatchError(
    "canary_failed",
    `Of the sample ${toPercent(rate)} cannot be used, more than ${toPercent(maxErrorRate)}. Nothing else was sent.`,
  );
}

async function describeSample(
  { file, paths, profile, signal }: JobPlace,
  { batchFile, canary, tokenPrice }: CanaryOptions,
): Promise<CanaryReport> {
  const lines = selectLines(batchFile, { sample: canary });
  const sample = new Sample(await loadPricing(profile, { tokenPrice }));
  const results = readResults({
    ...{ requests: file, results: paths.output, order: "found" },
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const result of results) {
    // What is missing comes last.
    if (result.status === "missing") break;
    if (lines.has(result.requestLine ?? 0)) sample.add(result);
  }
  return sample.describe(batchFile.requests);
}

class Sample {
  readonly #pricing: Pricing;
  readonly #causes = new FailureCounts();
  readonly #answers: { custom_id: string; text: string }[] = [];
  readonly #tokens = { input: 0, output: 0 };
  /** Of each result; nothing where one has no price. */
  #costs: number[] | undefined = [];
  #results = 0;
  #failed = 0;
  #problems = 0;

  constructor(pricing: Pricing) {
    this.#pricing = pricing;
  }

  add(result: Result): void {
    this.#results += 1;
    if (result.status !== "succeeded") {
      this.#failed += 1;
      this.#causes.add(toCause(result));
      return;
    }
    const { problem, text, custom_id, usage } = result;
    if (problem !== undefined) {
      this.#problems += 1;
      this.#causes.add({ statusCode: undefined, code: problem.code });
    }
    if (text !== undefined && this.#answers.length < answersShown) this.#answers.push({ custom_id, text });
    const { input_tokens: input = 0, output_tokens: output = 0 } = usage ?? {};
    this.#tokens.input += input;
    this.#tokens.output += output;
    const model =
      isObject(result.body) && typeof result.body.model === "string" ? result.body.model : undefined;
    this.#addCost(usage && this.#pricing.list.costOf(model, input, output));
  }

  #addCost(cost: { readonly input: number; readonly output: number } | undefined): void {
    if (cost === undefined) this.#costs = undefined;
    else this.#costs?.push(cost.input + cost.output);
  }

  describe(requests: number): CanaryReport {
    const { factor } = this.#pricing;
    const costs = factor === undefined ? undefined : this.#costs;
    return toCanaryReport({
      ...{ results: this.#results, requests, failed: this.#failed, problems: this.#problems },
      ...{ causes: this.#causes.list(), tokens: { ...this.#tokens }, answers: this.#answers },
      ...(costs === undefined || costs.length < 2 || factor === undefined
        ? {}
        : { cost: extrapolate(costs, requests * factor) }),
    });
  }
}

function toCause(result: Exclude<Result, { status: "succeeded" }>) {
  if (result.status !== "failed") return { statusCode: undefined, code: result.status };
  return { statusCode: result.statusCode, code: result.error.code ?? result.error.type ?? "" };
}

function extrapolate(costs: readonly number[], scale: number) {
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  const variance = costs.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / (costs.length - 1);
  const spread = deviations * Math.sqrt(variance / costs.length);
  return {
    mean: mean * scale,
    low: Math.max(0, mean - spread) * scale,
    high: (mean + spread) * scale,
  };
}

function toPercent(rate: number): string {
  return `${Number((rate * 100).toFixed(1))} %`;
}
