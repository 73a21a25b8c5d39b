import { existsSync, realpathSync } from "node:fs";
import { OpenbatchError } from "../errors/index.js";
import {
  type ExportedResults,
  exportResults,
  type JoinedResults,
  joinResults,
  openResults,
  type Results,
  type ResultsSummary,
  type RetryFile,
  type SavedImages,
  saveImages,
  summarizeResults,
  toWritableFormat,
  writeRetryFile,
} from "../index.js";
import type { CommandIo } from "./command.js";
import { createProgress } from "./progress.js";
import type { ResultsFlags } from "./results-flags.js";
import type { ResultsInputs } from "./results-inputs.js";
import { type ResultsTime, readTime } from "./results-time.js";
import { toReadOptions } from "./table-flags.js";

/** What was read, and what was made of it. */
export interface ResultsOutcome {
  readonly inputs: ResultsInputs;
  readonly summary: ResultsSummary;
  readonly time?: ResultsTime;
  readonly table?: ExportedResults | JoinedResults;
  readonly images?: SavedImages;
  readonly retry?: RetryFile;
}

/** Reads results, counts them, and writes what was asked for. */
export async function readAndWrite(
  inputs: ResultsInputs,
  flags: ResultsFlags,
  io: CommandIo,
): Promise<ResultsOutcome> {
  assertOutputs(inputs, flags);
  await using results = await openInputs(inputs, io);
  const work = new ResultsWork(results, flags, io);
  const time = await readTime(inputs.results);
  const table = flags.to === undefined ? undefined : await work.writeTable(flags.to);
  const images = flags.images === undefined ? undefined : await work.saveImages(flags.images);
  const retry = flags.retryFile === undefined ? undefined : await work.writeRetryFile(flags.retryFile);
  return {
    inputs,
    summary: await work.summarize(),
    ...(time === undefined ? {} : { time }),
    ...(table === undefined ? {} : { table }),
    ...(images === undefined ? {} : { images }),
    ...(retry === undefined ? {} : { retry }),
  };
}

/** Refuses what could not be written in the end, before the long work of reading. */
function assertOutputs({ requests, results }: ResultsInputs, flags: ResultsFlags): void {
  const { to, toFormat, join, retryFile, overwrite } = flags;
  if (to !== undefined && toFormat === undefined) toWritableFormat(to);
  const sources = [requests, ...results, join].filter((path) => path !== undefined && path !== "-");
  for (const output of [to, retryFile]) {
    if (output === undefined || output === "-" || !existsSync(output)) continue;
    const target = realpathSync(output);
    if (sources.some((path) => path !== undefined && existsSync(path) && realpathSync(path) === target)) {
      throw new OpenbatchError("wrong_usage", `${output} is read, and was to be written over.`, {
        hint: "Write to another path.",
      });
    }
    if (overwrite) continue;
    throw new OpenbatchError("file_exists", `${output} is there already; it is as it was.`, {
      hint: "Choose another path, or replace it: --overwrite.",
    });
  }
  if (retryFile !== undefined && requests === undefined) {
    throw new OpenbatchError(
      "wrong_usage",
      "--retry-file needs the batch file: it holds what is to be sent again.",
      {
        hint: "Name both: openbatch results REQUESTS --results FILE --retry-file AGAIN.",
      },
    );
  }
}

async function openInputs({ requests, results }: ResultsInputs, io: CommandIo): Promise<Results> {
  const progress = createProgress(io, { label: `Reading ${results.join(", ")}`, unit: "results" });
  try {
    return await openResults({
      results,
      ...(requests === undefined ? {} : { requests }),
      signal: io.signal,
      onProgress: ({ results: count, bytes, totalBytes }) =>
        progress.update({ count, fraction: totalBytes === undefined ? undefined : bytes / totalBytes }),
    });
  } finally {
    progress.finish();
  }
}

/** The steps that may take long, each with its progress. */
class ResultsWork {
  readonly #results: Results;
  readonly #flags: ResultsFlags;
  readonly #io: CommandIo;

  constructor(results: Results, flags: ResultsFlags, io: CommandIo) {
    this.#results = results;
    this.#flags = flags;
    this.#io = io;
  }

  summarize(): Promise<ResultsSummary> {
    return this.#show("Counting", "results", (watch) => summarizeResults(this.#results, watch));
  }

  writeTable(path: string): Promise<ExportedResults | JoinedResults> {
    const { join, on, columns, toFormat, keepFormulas, overwrite } = this.#flags;
    const options = {
      overwrite: overwrite === true,
      keepFormulas: keepFormulas === true,
      ...(toFormat === undefined ? {} : { format: toFormat }),
      ...(columns === undefined ? {} : { columns }),
    };
    return this.#show(`Writing ${path}`, "rows", (watch) =>
      join === undefined
        ? exportResults(path, this.#results, { ...options, ...watch })
        : joinResults(path, this.#results, join, {
            ...options,
            ...watch,
            ...(on === undefined ? {} : { on }),
            read: toReadOptions(this.#flags),
          }),
    );
  }

  saveImages(folder: string): Promise<SavedImages> {
    const overwrite = this.#flags.overwrite === true;
    return this.#show(`Saving images to ${folder}`, "results", (watch) =>
      saveImages(folder, this.#results, { overwrite, ...watch }),
    );
  }

  writeRetryFile(path: string): Promise<RetryFile> {
    const { overwrite, retryProblems } = this.#flags;
    const options = { overwrite: overwrite === true, includeProblems: retryProblems === true };
    return this.#show(`Writing ${path}`, "results", (watch) =>
      writeRetryFile(path, this.#results, { ...options, ...watch }),
    );
  }

  async #show<Value>(
    label: string,
    unit: string,
    work: (watch: {
      readonly signal: AbortSignal;
      readonly onProgress: (count: number) => void;
    }) => Promise<Value>,
  ): Promise<Value> {
    const progress = createProgress(this.#io, { label, unit });
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
