import { describe } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { Result } from "../answer/result.js";
import type { OpenResultsOptions } from "./read-results-options.js";
import { ResultReader } from "./result-reader.js";
import type { Named, ResultCounts, Results, Strays } from "./results.js";

/** The results of a batch, to go through and to look up. */
export class OpenedResults implements Results {
  readonly counts: ResultCounts;
  readonly #reader: ResultReader;

  static async open(options: OpenResultsOptions): Promise<OpenedResults> {
    return new OpenedResults(await ResultReader.open({ ...options, notesAll: true }));
  }

  private constructor(reader: ResultReader) {
    this.#reader = reader;
    this.counts = reader.counts;
  }

  get strays(): Strays {
    return this.#reader.strays;
  }

  async get(request: Named | string): Promise<Result | undefined> {
    const entry = this.#reader.find(toId(request));
    return entry === undefined ? undefined : this.#reader.read(entry);
  }

  has(request: Named | string): boolean {
    return this.#reader.find(toId(request)) !== undefined;
  }

  async readRequest(request: Named | string): Promise<string | undefined> {
    const entry = this.#reader.find(toId(request));
    return entry === undefined ? undefined : this.#reader.readRequest(entry);
  }

  [Symbol.asyncIterator](): AsyncIterator<Result> {
    return this.#reader.readAll();
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function toId(request: Named | string): string {
  const id: unknown = typeof request === "string" ? request : Object(request).custom_id;
  if (typeof id === "string") return id;
  throw new OpenbatchError(
    "invalid_type",
    `Expected a custom_id, or what has one, found ${describe(request)}.`,
    {
      hint: "Give the custom_id of a request, or what the collector gave for it.",
    },
  );
}
