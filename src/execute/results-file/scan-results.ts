import { statSync } from "node:fs";
import type { BatchFile } from "../../batch-file/index.js";
import { FilePace, LineSet, LineWalker, type ReadingOptions } from "../../batch-file/index.js";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { type OpenFile, openFile, toStretch } from "../../files/index.js";
import type { LineAppender } from "../../jsonl/index.js";
import { FailedLines } from "./failed-lines.js";
import { FoundResultReader } from "./found-result-reader.js";
import { type FoundResult, type NoResult, parseResultLine } from "./read-result-line.js";

/** What the results files of a batch file hold, by the lines of its requests. */
export interface ResultsScan {
  /** Requests with a result. Those that say expired or cancelled are not: they were not executed. */
  readonly done: LineSet;
  /** Those of them whose result is a failure. */
  readonly failed: FailedLines;
  /** Those of the failed that may well succeed when they are sent again. */
  readonly passing: LineSet;
  /** Requests without a result whose lines say expired or cancelled. */
  readonly unexecuted: LineSet;
  /** Results of ids that the batch file does not have. */
  readonly strangers: number;
  /** Lines that are no results. They are left alone. */
  readonly brokenLines: number;
  /** The services whose own lines are among these. */
  readonly services: ReadonlySet<string>;
  /** Answers that name their model as made up, and those that don't. */
  readonly rehearsed: number;
  readonly real: number;
  readonly output: ScannedFile;
  /** Where failures go, if that is a file of their own. */
  readonly errors: ScannedFile | undefined;
}

/** Where the results of a batch file go. What is there already is gone on with. */
export interface ResultsPaths {
  readonly output: string;
  /** Takes the failures, if they are not to go to `output`. Created with the first one. */
  readonly errors?: string | undefined;
}

export interface ScannedFile {
  readonly path: string;
  /** Another one where another file has taken its place; `undefined` where there is none. */
  readonly identity: string | undefined;
  /** How much of the file is whole lines; `undefined` where there is no file. */
  readonly wholeBytes: number | undefined;
  /** How it ends behind them: with a line that only lacks its line feed, or with the beginning of one. */
  readonly tail: "none" | "unterminated" | "torn";
}

export interface ScanOptions extends ReadingOptions {
  /** What was found before, which is used up: where the file has only grown, what is new of it is read. */
  readonly since?: ResultsScan | undefined;
}

const ownBeginning = Buffer.from('{"id":"batch_req_');

/**
 * Reads results files without changing them. One that is not there holds nothing.
 * @throws OpenbatchError `not_a_results_file`
 */
export async function scanResults(
  paths: ResultsPaths,
  batchFile: BatchFile,
  { since, ...options }: ScanOptions = {},
): Promise<ResultsScan> {
  const known = since !== undefined && hasOnlyGrown(paths, since) ? since : undefined;
  const scanner = new ResultsScanner(batchFile, known);
  const output = await scanner.scan(paths.output, options);
  const errors = paths.errors === undefined ? undefined : await scanner.scan(paths.errors, options);
  return { ...scanner.found, output, errors };
}

/** What is found in results files, line after line. */
export class ResultsScanner {
  readonly found: Found;
  readonly #batchFile: BatchFile;
  readonly #reader = new FoundResultReader();
  /** How much of the output is known. */
  readonly #knownBytes: number;

  constructor(batchFile: BatchFile, known: ResultsScan | undefined) {
    this.#batchFile = batchFile;
    this.#knownBytes = known?.output.wholeBytes ?? 0;
    this.found =
      known === undefined ? createFound(batchFile) : { ...known, services: new Set(known.services) };
  }

  async scan(path: string, options: ReadingOptions): Promise<ScannedFile> {
    if (!isThere(path)) return { path, identity: undefined, wholeBytes: undefined, tail: "none" };
    const identity = identify(path);
    const file = await openFile(path);
    try {
      return { identity, ...(await this.#scanOpened(file, options)) };
    } catch (cause) {
      throw toFileError(cause, "read", path);
    } finally {
      file.close();
    }
  }

  async #scanOpened(file: OpenFile, options: ReadingOptions): Promise<Omit<ScannedFile, "identity">> {
    const path = file.name;
    const start = this.#knownBytes;
    const lines = new LineWalker(toStretch(file, start), { shapes: this.#reader.shapes });
    const pace = new FilePace(path, file.bytes - start, options);
    const found = { results: start > 0 ? 1 : 0, others: 0 };
    let wholeBytes = 0;
    while (lines.step() && lines.isTerminated) {
      if (!lines.isBlank) this.#take(this.#reader.readWalked(lines), path, found);
      wholeBytes = lines.nextOffset;
      if (pace.isDue(wholeBytes)) await pace.pause(wholeBytes);
    }
    const tail = lines.nextOffset === wholeBytes ? "none" : this.#takeTail(lines, path, found);
    if (found.others > 0 && found.results === 0) throw toOtherFileError(path, this.found.services);
    return { path, wholeBytes: start + wholeBytes, tail };
  }

  #take(result: FoundResult | NoResult, path: string, lines: { results: number; others: number }): void {
    if (result.kind === "request") throw toOtherFileError(path);
    if (result.kind !== "result") {
      lines.others += 1;
      this.found.brokenLines += 1;
      if (result.service !== undefined) this.found.services.add(result.service);
      return;
    }
    lines.results += 1;
    this.#count(result);
    const line = this.#batchFile.find(result.custom_id);
    if (line === undefined) this.found.strangers += 1;
    else this.#mark(result, line);
  }

  /** Takes a result into account that was appended to the output. */
  add(result: FoundResult, line: number): void {
    this.#count(result);
    this.#mark(result, line);
  }

  /** What is known once all of that is on the disk. Where somebody else wrote too, the file is read anew the next time. */
  toGrown({ output, errors }: ResultsScan, appender: LineAppender): ResultsScan {
    const identity = appender.isShared ? undefined : identify(output.path);
    const grown = { path: output.path, identity, wholeBytes: appender.written, tail: "none" } as const;
    return { ...this.found, output: grown, errors };
  }

  #count({ isRehearsal }: FoundResult): void {
    if (isRehearsal === true) this.found.rehearsed += 1;
    if (isRehearsal === false) this.found.real += 1;
  }

  #mark({ failure, outcome, isUnexecuted }: FoundResult, line: number): void {
    const { done, failed, passing, unexecuted } = this.found;
    // Where a file has both, the success counts; of failures the last.
    if (done.has(line) && !failed.has(line) && failure !== undefined) return;
    if (isUnexecuted) {
      if (!done.has(line)) unexecuted.add(line);
      return;
    }
    done.add(line);
    unexecuted.delete(line);
    passing.delete(line);
    if (failure === undefined) return failed.delete(line);
    failed.set(line, failure, outcome?.status === "failed" ? outcome.error.message : "");
    if (outcome?.status === "failed" && outcome.retryable) passing.add(line);
  }

  /** The last line has no line feed: it is whole, or blank, or it is the beginning of one of ours. */
  #takeTail(
    { bytes, isBlank }: LineWalker<FoundResult>,
    path: string,
    lines: { results: number; others: number },
  ): "unterminated" | "torn" {
    if (isBlank) return "unterminated";
    const result = parseResultLine(bytes);
    if (result.kind !== "other") {
      this.#take(result, path, lines);
      return "unterminated";
    }
    const length = Math.min(bytes.length, ownBeginning.length);
    const isOurs = bytes.subarray(0, length).equals(ownBeginning.subarray(0, length));
    if (lines.results === 0 && !isOurs) throw toOtherFileError(path);
    return "torn";
  }
}

interface Found extends Omit<ResultsScan, "output" | "errors"> {
  strangers: number;
  brokenLines: number;
  rehearsed: number;
  real: number;
  readonly services: Set<string>;
}

function createFound({ lines }: BatchFile): Found {
  return {
    ...{ done: new LineSet(lines), passing: new LineSet(lines), unexecuted: new LineSet(lines) },
    ...{ failed: new FailedLines(lines), services: new Set() },
    ...{ strangers: 0, brokenLines: 0, rehearsed: 0, real: 0 },
  };
}

/** Whether what was found before is still there, as whole lines, in the same file. */
function hasOnlyGrown(
  { output, errors }: ResultsPaths,
  { output: before, errors: other }: ResultsScan,
): boolean {
  if (errors !== undefined || other !== undefined || before.path !== output || before.tail !== "none")
    return false;
  const bytes = statSync(output, { throwIfNoEntry: false })?.size ?? -1;
  return (
    before.identity !== undefined && before.identity === identify(output) && bytes >= (before.wholeBytes ?? 0)
  );
}

/** A number of a file may be given again to one that takes its place; hardly at the same time too. */
function identify(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}:${found.birthtimeMs}`;
}

function isThere(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || stats.isFile()) return stats !== undefined;
    throw toNoFileError(path, stats.isDirectory() ? "a folder" : "no regular file");
  } catch (cause) {
    throw toFileError(cause, "open", path);
  }
}

function toNoFileError(path: string, kind: string): OpenbatchError {
  return new OpenbatchError("not_a_file", `The results cannot be written to ${path}: it is ${kind}.`, {
    hint: "Name a file: output (--output FILE).",
  });
}

function toOtherFileError(path: string, services: ReadonlySet<string> = new Set()): OpenbatchError {
  const what =
    services.size === 0
      ? "something else"
      : `lines of ${[...services].join(", ")}, in that service's own shape`;
  return new OpenbatchError(
    "not_a_results_file",
    `${path} was to take the results, and holds ${what}. Nothing was changed.`,
    { hint: "Write the results to another path: output (--output FILE)." },
  );
}
