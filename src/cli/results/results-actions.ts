import { toPlainText } from "../../errors/index.js";
import {
  type Exchange,
  type ExportedResults,
  exportResults,
  type JoinedResults,
  joinResults,
  openResults,
  type ProfileName,
  type Results,
  type ResultsProgress,
  type ResultsSummary,
  type RetryFile,
  type SavedImages,
  saveImages,
  summarizeResults,
  writeRetryFile,
} from "../../index.js";
import type { WrittenReport } from "../../view.js";
import type { CommandIo } from "../frame/command.js";
import { createProgress, type Progress, type ProgressOptions } from "../frame/progress.js";
import { toReadOptions } from "../frame/table-flags.js";
import { assertOwnLines } from "./assert-own-lines.js";
import { loadJoinTemplate } from "./load-join-template.js";
import type { ResultsFlags } from "./results-flags.js";
import type { ResultsInputs } from "./results-inputs.js";
import { assertOutputs, isReport } from "./results-outputs.js";
import { readShown } from "./results-show.js";
import { type ResultsTime, readTime } from "./results-time.js";
import { type ReportInputs, writeReportPage } from "./write-report-page.js";

/** What was read, and what was made of it. */
export interface ResultsOutcome {
  readonly inputs: ResultsInputs;
  readonly summary: ResultsSummary;
  /** What was asked to be shown. */
  readonly shown: readonly Exchange[];
  readonly time?: ResultsTime;
  readonly table?: ExportedResults | JoinedResults;
  readonly report?: WrittenReport;
  readonly images?: SavedImages;
  readonly retry?: RetryFile;
  /** What is worth a word of the table that was joined, in sentences. */
  readonly notes: readonly string[];
}

type WrittenKey = "table" | "report" | "retry" | "images";

/** Reads results, counts them, and writes what was asked for. */
export async function readAndWrite(
  inputs: ResultsInputs,
  flags: ResultsFlags,
  io: CommandIo,
): Promise<ResultsOutcome> {
  assertOutputs(inputs, flags);
  // Before the results: of a run that ends meanwhile, no result is taken for missing.
  const time = await readTime(inputs.results);
  const { results: opened, summary } = await readAndCount(inputs, io);
  await using results = opened;
  const work = new ResultsWork(results, { inputs, flags, io });
  const written: string[] = [];
  try {
    return {
      inputs,
      summary,
      shown: await readShown(results, flags, io.signal),
      ...(time === undefined ? {} : { time }),
      ...(await work.write(summary.columns, (path) => written.push(path))),
      notes: work.notes,
    };
  } catch (error) {
    if (written.length > 0)
      io.writeError(`Written before that, and whole: ${toPlainText(written.join(", "))}.\n`);
    throw error;
  }
}

/** Opens the results without counting what became of them. */
export async function openToLook(inputs: ResultsInputs, io: CommandIo): Promise<Results> {
  const reading = new ReadingProgress(inputs, io);
  try {
    return await openInputs(inputs, io.signal, reading);
  } finally {
    reading.finish();
  }
}

interface CountedResults {
  readonly results: Results;
  readonly summary: ResultsSummary;
}

/** Opens the results and goes through all of them once: two readings of their files, shown as one. */
async function readAndCount(inputs: ResultsInputs, io: CommandIo): Promise<CountedResults> {
  const reading = new ReadingProgress(inputs, io);
  try {
    const results = await openInputs(inputs, io.signal, reading);
    try {
      return { results, summary: await summarizeResults(results, { signal: io.signal }) };
    } catch (error) {
      await results.close();
      throw error;
    }
  } finally {
    reading.finish();
  }
}

async function openInputs(
  inputs: ResultsInputs,
  signal: AbortSignal,
  reading: ReadingProgress,
): Promise<Results> {
  const { requests, results: files, from } = inputs;
  const results = await openResults({
    results: files,
    ...(requests === undefined ? {} : { requests }),
    // What is no name of a service is refused with the nearest.
    ...(from === undefined ? {} : { from: from as ProfileName }),
    signal,
    onProgress: (progress) => reading.update(progress),
  });
  try {
    await assertOwnLines(results, inputs);
    return results;
  } catch (error) {
    await results.close();
    throw error;
  }
}

/** Shows how much was read. Results that are gone through again tell it again, which has a progress of its own. */
class ReadingProgress {
  readonly #progress: Progress;
  #isOver = false;

  constructor({ results }: ResultsInputs, io: CommandIo) {
    this.#progress = createProgress(io, {
      label: "Reading",
      paths: results,
      unit: "MB",
      isRateWithUnit: true,
    });
  }

  update({ bytes, totalBytes }: ResultsProgress): void {
    if (this.#isOver) return;
    const fraction = totalBytes === undefined ? undefined : bytes / totalBytes;
    this.#progress.update({ count: bytes / 1_000_000, fraction });
  }

  finish(): void {
    this.#isOver = true;
    this.#progress.finish();
  }
}

/** The steps that may take long, each with its progress. */
class ResultsWork {
  readonly notes: string[] = [];
  readonly #results: Results;
  readonly #inputs: ResultsInputs;
  readonly #flags: ResultsFlags;
  readonly #io: CommandIo;

  constructor(results: Results, { inputs, flags, io }: ReportInputs) {
    this.#results = results;
    this.#inputs = inputs;
    this.#flags = flags;
    this.#io = io;
  }

  /** Writes what was asked for; images last, for they are most likely to fail half-way. */
  async write(
    columns: readonly string[],
    onWritten: (path: string) => void,
  ): Promise<Pick<ResultsOutcome, WrittenKey>> {
    const { to, retryFile, images } = this.#flags;
    const outcome: { -readonly [Key in WrittenKey]?: NonNullable<ResultsOutcome[Key]> } = {};
    if (to !== undefined) {
      if (isReport(to) && this.#flags.toFormat === undefined) {
        outcome.report = await writeReportPage(to, {
          inputs: this.#inputs,
          flags: this.#flags,
          io: this.#io,
        });
      } else outcome.table = await this.#writeTable(to, this.#flags.columns ?? columns);
      onWritten(to);
    }
    if (retryFile !== undefined) {
      outcome.retry = await this.#writeRetryFile(retryFile);
      if (outcome.retry.written > 0) onWritten(retryFile);
    }
    if (images !== undefined) outcome.images = await this.#saveImages(images);
    return outcome;
  }

  async #writeTable(path: string, columns: readonly string[]): Promise<ExportedResults | JoinedResults> {
    const { join, on, toFormat, keepFormulas, overwrite } = this.#flags;
    const template = await loadJoinTemplate(this.#flags);
    const options = {
      columns,
      overwrite: overwrite === true,
      keepFormulas: keepFormulas === true,
      ...(toFormat === undefined ? {} : { format: toFormat }),
    };
    return this.#show({ label: "Writing", paths: [path], unit: "row" }, (watch) =>
      join === undefined
        ? exportResults(path, this.#results, { ...options, ...watch })
        : joinResults(path, this.#results, join, {
            ...options,
            ...watch,
            ...(on === undefined ? {} : { on }),
            ...(template === undefined ? {} : { template }),
            read: { ...toReadOptions(this.#flags), onNote: (note) => this.notes.push(note) },
          }),
    );
  }

  #saveImages(folder: string): Promise<SavedImages> {
    const overwrite = this.#flags.overwrite === true;
    return this.#show({ label: "Saving images to", paths: [folder], unit: "result" }, (watch) =>
      saveImages(folder, this.#results, { overwrite, ...watch }),
    );
  }

  #writeRetryFile(path: string): Promise<RetryFile> {
    const { overwrite, retryProblems } = this.#flags;
    const options = { overwrite: overwrite === true, includeProblems: retryProblems === true };
    return this.#show({ label: "Writing", paths: [path], unit: "result" }, (watch) =>
      writeRetryFile(path, this.#results, { ...options, ...watch }),
    );
  }

  async #show<Value>(
    shown: ProgressOptions,
    work: (watch: {
      readonly signal: AbortSignal;
      readonly onProgress: (count: number) => void;
    }) => Promise<Value>,
  ): Promise<Value> {
    const progress = createProgress(this.#io, shown);
    const { total } = this.#results.counts;
    const onProgress = (count: number): void =>
      progress.update({ count, fraction: total === 0 ? undefined : count / total });
    try {
      return await work({ signal: this.#io.signal, onProgress });
    } finally {
      progress.finish();
    }
  }
}
