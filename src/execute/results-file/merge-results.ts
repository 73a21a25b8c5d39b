import { setImmediate } from "node:timers/promises";
import { type BatchFile, LineSet, LineWalker, toLineText } from "../../batch-file/index.js";
import { type OpenFile, openFile } from "../../files/index.js";
import type { LineAppender } from "../../jsonl/index.js";
import { FoundResultReader } from "./found-result-reader.js";
import type { FoundResult, NoResult } from "./read-result-line.js";
import { openAppender } from "./results-writer.js";
import { type ResultsScan, ResultsScanner, scanResults } from "./scan-results.js";
import { appendLine, TakenLines } from "./taken-lines.js";

const linesBetweenPauses = 1_000;

export interface MergeOptions {
  /** The results file. */
  readonly output: string;
  readonly batchFile: BatchFile;
  /** Files with lines of results. */
  readonly sources: readonly string[];
  /** What turns the lines of a source into those of the Batch API, where they are others. */
  readonly toOurLines?: (source: string) => ((bytes: Buffer, number: number) => Buffer) | undefined;
  /** What was found in the results file before; used up. */
  readonly since?: ResultsScan | undefined;
  /** The lines of the batch file whose results they may hold. */
  readonly part: LineSet;
  /** Whether an answer is taken also where there is one already. */
  readonly addsAnswers?: boolean;
  /** Is told each line that is no result of one of these. */
  readonly onStray: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes lines of results into a results file, each as it stands: those that say something new. They are on the disk when it
 * returns, and to do it again changes nothing.
 */
export async function mergeResults(options: MergeOptions): Promise<Merged> {
  const { output, batchFile, sources, signal, since } = options;
  const scan = await scanResults({ output }, batchFile, { signal, since });
  const appender = openAppender(scan.output);
  try {
    const merging = new Merging(appender, scan, options);
    for (const source of sources) await merging.take(source);
    appender.sync();
    return { lines: merging.found.size, scan: merging.scanner.toGrown(scan, appender) };
  } finally {
    appender.close();
  }
}

export interface Merged {
  /** How many of the part have a line in the sources. */
  readonly lines: number;
  /** What the results file holds now. */
  readonly scan: ResultsScan;
}

class Merging {
  readonly found: LineSet;
  readonly scanner: ResultsScanner;
  readonly #reader = new FoundResultReader();
  readonly #appender: LineAppender;
  readonly #taken: TakenLines;
  readonly #scan: ResultsScan;
  readonly #options: MergeOptions;

  constructor(appender: LineAppender, scan: ResultsScan, options: MergeOptions) {
    this.#appender = appender;
    this.#taken = new TakenLines(appender);
    this.#scan = scan;
    this.scanner = new ResultsScanner(options.batchFile, scan);
    this.#options = options;
    this.found = new LineSet(options.batchFile.lines);
  }

  async take(source: string): Promise<void> {
    const file = await openFile(source);
    try {
      const toOurs = this.#options.toOurLines?.(source);
      await (toOurs === undefined ? this.#takeLines(file) : this.#takeForeign(file, toOurs));
    } finally {
      file.close();
    }
  }

  async #takeLines(file: OpenFile): Promise<void> {
    const lines = new LineWalker(file, { shapes: this.#reader.shapes });
    while (lines.fill()) {
      while (lines.next())
        if (!lines.isBlank && this.#takes(lines, this.#reader.readWalked(lines))) this.#taken.add(lines);
      this.#taken.append();
      await setImmediate(undefined, { signal: this.#options.signal });
    }
  }

  async #takeForeign(file: OpenFile, toOurs: (bytes: Buffer, number: number) => Buffer): Promise<void> {
    const lines = new LineWalker(file);
    while (lines.step()) {
      const bytes = toOurs(lines.bytes, lines.number);
      const isTaken = !lines.isBlank && this.#takes({ bytes }, this.#reader.read(bytes, lines.isTerminated));
      if (isTaken) appendLine(this.#appender, bytes);
      if (lines.number % linesBetweenPauses === 0)
        await setImmediate(undefined, { signal: this.#options.signal });
    }
  }

  /** Takes a line into account. Whether it is to be appended. */
  #takes(read: { readonly bytes: Buffer }, result: FoundResult | NoResult): boolean {
    const { batchFile, part, onStray } = this.#options;
    const line = result.kind === "result" ? batchFile.find(result.custom_id) : undefined;
    if (result.kind !== "result" || line === undefined || !part.has(line)) {
      onStray(toLineText(read.bytes));
      return false;
    }
    const isNew = !this.found.has(line) && this.#saysMore(line, result);
    this.found.add(line);
    if (isNew) this.scanner.add(result, line);
    return isNew;
  }

  /** Nothing says more than a success, and the same failure is said once. */
  #saysMore(line: number, { failure, isUnexecuted }: FoundResult): boolean {
    const { done, failed, unexecuted } = this.#scan;
    if (this.#options.addsAnswers) return failure === undefined && !isUnexecuted;
    if (isUnexecuted) return !done.has(line) && !unexecuted.has(line);
    if (!done.has(line) || failure === undefined) return !done.has(line) || failed.has(line);
    const before = failed.get(line);
    return failed.has(line) && (before?.code !== failure.code || before.statusCode !== failure.statusCode);
  }
}
