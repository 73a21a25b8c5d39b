import { isObject } from "../../api/index.js";
import { countOf, formatCount, toPlainText, withText } from "../../errors/index.js";
import { type WriteRowsOptions, type WrittenTable, writeTable } from "../../rows/index.js";
import type { Result } from "../answer/result.js";
import type { ResultCounts } from "../reader/results.js";
import { NameCounts } from "../summary/name-counts.js";
import { toComparedAnswer } from "./compared-answer.js";
import { type FieldAgreement, FieldAgreements, type FieldDifference } from "./field-agreement.js";

/** How far two answers to each request agree. */
export interface Comparison {
  /** Requests with a result on either side. */
  readonly requests: number;
  /** Those with a usable answer on both sides, which are compared, and how many of them are the same at every place. */
  readonly compared: number;
  readonly agreed: number;
  /** Requests with a usable answer on one side alone, or on none. */
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
  /** How many answers each model gave, by the name that the service writes. */
  readonly models: {
    readonly a: Readonly<Record<string, number>>;
    readonly b: Readonly<Record<string, number>>;
  };
  /** How often they agree at each place in the answers: the first hundred places. */
  readonly fields: readonly FieldAgreement[];
  /** The first requests whose answers are not the same, or of which one side alone has a usable one: ten by default. */
  readonly differences: readonly Difference[];
}

/** A request whose answers do not agree. */
export interface Difference {
  readonly custom_id: string;
  /** The line of the batch file. `undefined` without the batch file. */
  readonly requestLine: number | undefined;
  /** What became of it on each side: `usable`, the code of a problem, or the status of a request without an answer. */
  readonly a: string;
  readonly b: string;
  /** Where the answers differ; nothing where one side has none. */
  readonly fields: readonly FieldDifference[];
}

export interface CompareResultsOptions {
  /** How many differences are listed. 10 by default. */
  readonly listed?: number;
  /** Told each difference, also those that are not listed; waited for. */
  readonly onDifference?: (difference: Difference) => void | Promise<void>;
  /** Told how many results were compared, after each. */
  readonly onProgress?: (results: number) => void;
  readonly signal?: AbortSignal;
}

/** The part of opened results that is compared. */
export interface ComparableResults extends AsyncIterable<Result> {
  readonly counts: ResultCounts;
  get(custom_id: string): Promise<Result | undefined>;
  has(custom_id: string): boolean;
}

/**
 * Compares two results of each request, of two models or two prompts: how often they agree, place by place, and where they don't. Values
 * are the same or not, and so are texts. The files may be in any order; in memory is what `openResults` holds of both.
 *
 * @example
 * ```ts
 * import { compareResults, openResults } from "openbatch";
 *
 * await using small = await openResults({ requests: "requests.jsonl", results: "small.jsonl" });
 * await using large = await openResults({ requests: "requests.jsonl", results: "large.jsonl" });
 * const { agreed, compared, fields } = await compareResults(small, large);
 * console.log(`${agreed} of ${compared}`, fields);
 * ```
 */
export async function compareResults(
  a: ComparableResults,
  b: ComparableResults,
  options: CompareResultsOptions = {},
): Promise<Comparison> {
  const work = new ComparingWork(a, b, options);
  for await (const difference of work.run()) await options.onDifference?.(difference);
  return work.toComparison();
}

/** What was written of a comparison. */
export interface ExportedDifferences extends WrittenTable {
  readonly comparison: Comparison;
}

/** In the order in which they stand in the table. */
const columns = ["custom_id", "requestLine", "place", "a", "b"] as const;

/**
 * Compares results as `compareResults` does, and writes where they don't agree as a table: a row for each place of each request, with
 * what stands there on both sides. Where one side alone has a usable answer, the place is `status`.
 *
 * @throws {OpenbatchError} as `writeRows` does.
 */
export async function exportDifferences(
  path: string | URL,
  a: ComparableResults,
  b: ComparableResults,
  options: Omit<WriteRowsOptions, "columns"> & Pick<CompareResultsOptions, "listed"> = {},
): Promise<ExportedDifferences> {
  const { listed, onProgress, signal, ...writing } = options;
  const work = new ComparingWork(a, b, {
    ...(listed === undefined ? {} : { listed }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
  const written = await writeTable(path, toRows(work.run()), {
    ...writing,
    ...(signal === undefined ? {} : { signal }),
    columns,
  });
  return { ...written, comparison: work.toComparison() };
}

async function* toRows(differences: AsyncIterable<Difference>): AsyncGenerator<object> {
  for await (const { custom_id, requestLine, a, b, fields } of differences) {
    if (fields.length === 0) yield { custom_id, requestLine, place: "status", a, b };
    for (const { path, ...values } of fields) yield { custom_id, requestLine, place: path, ...values };
  }
}

const usable = "usable";

class ComparingWork {
  readonly #a: ComparableResults;
  readonly #b: ComparableResults;
  readonly #options: CompareResultsOptions;
  readonly #fields = new FieldAgreements();
  readonly #models = { a: new NameCounts(100), b: new NameCounts(100) };
  readonly #listed: Difference[] = [];
  readonly #counts = { requests: 0, compared: 0, agreed: 0, onlyA: 0, onlyB: 0, neither: 0 };

  constructor(a: ComparableResults, b: ComparableResults, options: CompareResultsOptions) {
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
