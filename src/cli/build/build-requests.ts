import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { OpenbatchError } from "../../errors/index.js";
import {
  BatchCollector,
  type BulkCounts,
  type CollectorOptions,
  codeTable,
  loadRowTemplate,
  type Row,
  type RowTemplate,
} from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { createProgress } from "../frame/progress.js";
import { sayNotes } from "../frame/say.js";
import type { BuildFlags } from "./build-flags.js";
import { type BuildOutput, type LeftBehind, openBuildOutput } from "./build-output.js";
import { BuildRows, nameOfInput } from "./build-rows.js";
import { BuildWarnings, type ReportedWarning } from "./build-warnings.js";
import { countLines } from "./count-lines.js";
import { FailedRows, type ReportedFailure } from "./failed-rows.js";
import type { BlankCells } from "./prompt-cells.js";
import { toPlacedError } from "./row-error.js";
import { toStopError } from "./stop-error.js";

/** What a build did. */
export interface BuildOutcome {
  readonly rows: number;
  readonly written: number;
  /** Requests that were in the output already, with `--append`. */
  readonly skipped: number;
  /** Rows whose request is that of another row, where the ids are hashes of what is asked. */
  readonly shared: number;
  readonly failed: number;
  readonly failures: readonly ReportedFailure[];
  readonly warnings: readonly ReportedWarning[];
  /** Columns of the prompt with blank cells. */
  readonly blankCells: readonly BlankCells[];
  /** Rows left out because of them, with `--skip-empty`. */
  readonly leftOut: number;
  /** What is worth a word, in sentences. */
  readonly notes: readonly string[];
  /** The requests themselves, with `--dry-run`. */
  readonly preview: readonly unknown[] | undefined;
}

/** Makes a batch file of a table: template, output and the first row are looked at before anything is written. */
export async function buildRequests(flags: BuildFlags, io: CommandIo): Promise<BuildOutcome> {
  const build = new Build(flags, io);
  const template = await build.loadTemplate();
  const output = await openBuildOutput(flags);
  try {
    return await build.write(template, output);
  } catch (error) {
    const leftover = await output.abandon(build.left);
    build.sayNotes();
    throw toStopError(error, { leftover, toRowError: (cause) => build.toRowError(cause) });
  } finally {
    build.progress.finish();
  }
}

/** The state of one build. */
class Build {
  readonly progress: ReturnType<typeof createProgress>;
  readonly #flags: BuildFlags;
  readonly #io: CommandIo;
  readonly #warnings = new BuildWarnings();
  readonly #failures: FailedRows;
  #row: Pick<Row, "number" | "line" | "sheet"> = { number: 0 };
  #rows: BuildRows | undefined;
  #appendedTo: string | undefined;
  #left: LeftBehind = { begun: false, written: 0 };

  constructor(flags: BuildFlags, io: CommandIo) {
    const { dryRun, output } = flags;
    this.#flags = flags;
    this.#io = io;
    if (!dryRun && output !== undefined) this.#warnOfName(output);
    this.progress = createProgress(io, { label: "Building", paths: [output ?? "a preview"], unit: "row" });
    this.#failures = new FailedRows((text) => {
      this.progress.finish();
      io.writeError(text);
    });
  }

  /** What is in the output because of this build. */
  get left(): LeftBehind {
    return this.#left;
  }

  /** Of a build that fails: which sheet was read, or that formulas have no value, is often why. */
  sayNotes(): void {
    this.progress.finish();
    sayNotes(this.#io, this.#rows?.toNotes() ?? []);
  }

  /** The error of the row under way, as the command line says it. */
  toRowError(error: unknown): unknown {
    const { number, line, sheet } = this.#row;
    const at = sheet === undefined ? `line ${line}` : `row ${line} of the sheet ${JSON.stringify(sheet)}`;
    return toPlacedError(error, {
      place: `${nameOfInput(this.#flags.input)}, row ${number}${line === undefined ? "" : `, ${at}`}`,
      appendedTo: this.#appendedTo,
      rowOfLine: (line) => this.#failures.rowOfLine(line),
    });
  }

  loadTemplate(): Promise<RowTemplate> {
    const { template, input, images, maxImageBytes, null: nullText } = this.#flags;
    return loadRowTemplate(template, {
      allowUnknownParameters: toAllowed(this.#flags),
      target: this.#flags.for,
      imageFolder: images ?? (input === "-" ? "." : dirname(input)),
      onWarning: (warning) => this.#warnings.addOfBuild(warning),
      ...(nullText === undefined ? {} : { nullText }),
      ...(maxImageBytes === undefined ? {} : { maxImageBytes }),
    });
  }

  async write(template: RowTemplate, output: BuildOutput): Promise<BuildOutcome> {
    const { signal } = this.#io;
    const onBadRow = (error: OpenbatchError, number: number) => this.#takeBadRow(error, number);
    const rows = new BuildRows({ flags: this.#flags, template, signal, onBadRow });
    this.#rows = rows;
    const opened = await rows.open();
    const sizeBefore = statSync(output.path, { throwIfNoEntry: false })?.size ?? 0;
    const collector = await BatchCollector.open(output.path, this.#toCollectorOptions(output, template));
    this.#appendedTo = output.mode === "append" ? output.path : undefined;
    this.#left = { begun: true, written: 0 };
    this.#warnings.settle(collector.count);
    const toRequest = (row: Row) => this.#toRequest(row, template, collector);
    const counts = await this.#collect(collector, { path: output.path, sizeBefore }, () =>
      collector.addMany(opened, toRequest, {
        onError: this.#flags.onError,
        onFailure: ({ error }) => this.#failures.add(this.#row.number, this.toRowError(error)),
        onProgress: (done) =>
          this.progress.update({ count: done.rows, fraction: rows.toFraction(done.rows) }),
        signal,
      }),
    );
    const preview = this.#flags.dryRun ? await readRequests(output.path) : undefined;
    if (counts.written + counts.skipped > 0) await output.commit();
    else await output.abandon(this.#left);
    return this.#describe(counts, rows, preview);
  }

  #toRequest(row: Row, template: RowTemplate, collector: BatchCollector) {
    this.#warnings.settle(collector.count);
    this.#row = row;
    return template.toRequest(row);
  }

  #takeBadRow(error: OpenbatchError, number: number): void {
    this.#row = { number };
    if (this.#flags.onError === "stop")
      throw new OpenbatchError("row_failed", error.message, { cause: error });
    this.#failures.add(number, error);
  }

  /** Adds the rows and closes the file; where one of both fails, what came into it is counted. */
  async #collect(
    collector: BatchCollector,
    { path, sizeBefore }: { readonly path: string; readonly sizeBefore: number },
    add: () => Promise<BulkCounts>,
  ): Promise<BulkCounts> {
    try {
      const counts = await add();
      this.#warnings.settle(collector.count);
      collector.close();
      this.#left = { begun: true, written: counts.written };
      return counts;
    } catch (error) {
      this.#left = { begun: true, written: await closeAfterFailure(collector, path, sizeBefore) };
      throw error;
    }
  }

  #describe(counts: BulkCounts, rows: BuildRows, preview: BuildOutcome["preview"]): BuildOutcome {
    const { leftOut, blankCells } = rows;
    const { written, failed } = counts;
    const isAppended = this.#appendedTo !== undefined;
    const [skipped, shared] = isAppended ? [counts.skipped, 0] : [0, counts.skipped];
    return {
      rows: counts.rows + this.#failures.count - failed + leftOut,
      ...{ written, skipped, shared, failed: this.#failures.count, failures: this.#failures.kept },
      ...{ warnings: this.#warnings.all, blankCells, leftOut, notes: rows.toNotes(), preview },
    };
  }

  #warnOfName(output: string): void {
    if (output === "-" || output.endsWith(".jsonl")) return;
    const { what, hint } = codeTable.invalid_file_name;
    this.#warnings.addOfBuild({
      severity: "warning",
      code: "invalid_file_name",
      path: output,
      message: what,
      hint,
    });
  }

  #toCollectorOptions({ mode }: BuildOutput, { isHashed }: RowTemplate): CollectorOptions {
    return {
      mode,
      buffered: true,
      ensureAscii: this.#flags.ensureAscii === true,
      onDuplicate: mode === "append" || isHashed ? "skip" : "error",
      allowUnknownParameters: toAllowed(this.#flags),
      target: this.#flags.for,
      onWarning: (warning) => this.#warnings.addOfRequest(warning),
    };
  }
}

function toAllowed({ allowUnknown = [] }: BuildFlags): boolean | readonly string[] {
  return allowUnknown.includes("all") || allowUnknown;
}

/** Tells how many requests came into the file, by what is there: of what it was given last, a full disk takes a part. */
async function closeAfterFailure(collector: BatchCollector, path: string, before: number): Promise<number> {
  try {
    collector.close();
  } catch {
    // What it could not write is not counted.
  }
  return countLines(path, before);
}

async function readRequests(path: string): Promise<readonly unknown[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}
