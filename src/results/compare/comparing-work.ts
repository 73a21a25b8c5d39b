import { isObject } from "../../api/index.js";
import { countOf, formatCount, toPlainText, withText } from "../../errors/index.js";
import type { Result } from "../answer/result.js";
import { assertResults } from "../reader/assert-results.js";
import { NameCounts } from "../summary/name-counts.js";
import { toComparedAnswer } from "./compared-answer.js";
import type { ComparableResults, CompareResultsOptions, Comparison, Difference } from "./comparison.js";
import { FieldAgreements, type FieldDifference } from "./field-agreement.js";

const usable = "usable";

/** Compares each request once, and counts. */
export class ComparingWork {
  readonly #a: ComparableResults;
  readonly #b: ComparableResults;
  readonly #options: CompareResultsOptions;
  readonly #fields = new FieldAgreements();
  readonly #models = { a: new NameCounts(100), b: new NameCounts(100) };
  readonly #listed: Difference[] = [];
  readonly #counts = { requests: 0, compared: 0, agreed: 0, onlyA: 0, onlyB: 0, neither: 0 };

  constructor(a: ComparableResults, b: ComparableResults, options: CompareResultsOptions) {
    for (const one of [a, b]) assertResults(one, Symbol.asyncIterator, "counts", "get", "has");
    this.#a = a;
    this.#b = b;
    this.#options = options;
  }

  async *run(): AsyncGenerator<Difference> {
    let met = 0;
    for await (const a of this.#a) {
      const b = await this.#b.get(a.custom_id);
      if (b !== undefined) met += 1;
      yield* this.#take(a, b);
    }
    // Without the batch file the one may have what the other has not.
    if (met === this.#b.counts.total) return;
    for await (const b of this.#b) if (!this.#a.has(b.custom_id)) yield* this.#take(undefined, b);
  }

  toComparison(): Comparison {
    const comparison = {
      ...this.#counts,
      models: { a: this.#models.a.toRecord(), b: this.#models.b.toRecord() },
      fields: this.#fields.list(),
      differences: this.#listed,
    };
    return withText(comparison, toText);
  }

  *#take(a: Result | undefined, b: Result | undefined): Generator<Difference> {
    const { listed = 10, onProgress, signal } = this.#options;
    signal?.throwIfAborted();
    const difference = this.#compare(a, b);
    onProgress?.(this.#counts.requests);
    if (difference === undefined) return;
    if (this.#listed.length < listed) this.#listed.push(difference);
    yield difference;
  }

  #compare(a: Result | undefined, b: Result | undefined): Difference | undefined {
    const counts = this.#counts;
    counts.requests += 1;
    this.#models.a.add(modelOf(a));
    this.#models.b.add(modelOf(b));
    const [one, other] = [toComparedAnswer(a), toComparedAnswer(b)];
    if (one === undefined && other === undefined) {
      counts.neither += 1;
      return undefined;
    }
    if (one === undefined || other === undefined) {
      counts[other === undefined ? "onlyA" : "onlyB"] += 1;
      return toDifference(a, b, []);
    }
    counts.compared += 1;
    const fields = this.#fields.add(one, other);
    if (fields.length > 0) return toDifference(a, b, fields);
    counts.agreed += 1;
    return undefined;
  }
}

function toDifference(
  a: Result | undefined,
  b: Result | undefined,
  fields: readonly FieldDifference[],
): Difference {
  const result = a ?? b;
  return {
    custom_id: result?.custom_id ?? "",
    requestLine: result?.requestLine,
    a: toOutcomeWord(a),
    b: toOutcomeWord(b),
    fields,
  };
}

function toOutcomeWord(result: Result | undefined): string {
  if (result === undefined) return "missing";
  if (result.status !== "succeeded") return result.status;
  return result.problem?.code ?? usable;
}

function modelOf(result: Result | undefined): unknown {
  return result?.status === "succeeded" && isObject(result.body) ? result.body.model : undefined;
}

function toText({ requests, compared, agreed, fields }: Comparison): string {
  const lines = [
    `${formatCount(agreed)} of ${countOf(compared, "compared answer")} agree, of ${countOf(requests, "request")}`,
    ...fields.map(
      (field) => `${toPlainText(field.path)}: ${formatCount(field.agreed)} of ${formatCount(field.compared)}`,
    ),
  ];
  return `${lines.join("\n    ")}\n`;
}
