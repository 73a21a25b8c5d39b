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
  type ReadRowsOptions,
  type Row,
  type RowTemplate,
  readRows,
} from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { createProgress } from "../frame/progress.js";
import { toReadOptions } from "../frame/table-flags.js";
import type { BuildFlags } from "./build-flags.js";
import { type BuildOutput, type LeftBehind, openBuildOutput } from "./build-output.js";
import { BuildWarnings, type ReportedWarning } from "./build-warnings.js";
import { countLines } from "./count-lines.js";
import { FailedRows, type ReportedFailure } from "./failed-rows.js";
import { type BlankCells, PromptCells } from "./prompt-cells.js";
import { toPlacedError } from "./row-error.js";
import { toStopError } from "./stop-error.js";
import { takeRows, withFirst } from "./take-rows.js";

/** What a build did. */
export interface BuildOutcome {
  readonly rows: number;
  readonly written: number;
  /** Requests that were in the output already, with `--append`. */
  readonly skipped: number;
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
    const rows = await build.openRows(template);
    return await build.write(rows, template, output);
  } catch (error) {
    const leftover = await output.abandon(build.left);
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
  readonly #maxRows: number;
  readonly #prompts = new PromptCells();
  #leftOut = 0;
  #fraction: number | undefined;
  #row: Pick<Row, "number" | "line"> = { number: 0 };
  #appendedTo: string | undefined;
  #left: LeftBehind = { begun: false, written: 0 };

  constructor(flags: BuildFlags, io: CommandIo) {
    const { dryRun, lines, limit = Infinity, output = "a preview" } = flags;
    this.#flags = flags;
    this.#io = io;
    if (!dryRun && flags.output !== undefined) this.#warnOfName(flags.output);
    this.#maxRows = dryRun ? Math.min(lines, limit) : limit;
    this.progress = createProgress(io, { label: `Building ${output}`, unit: "row" });
    this.#failures = new FailedRows((text) => {
      this.progress.finish();
      io.writeError(text);
    });
  }

  /** What is in the output because of this build. */
  get left(): LeftBehind {
    return this.#left;
  }

  /** The error of the row under way, as the command line says it. */
  toRowError(error: unknown): unknown {
    const { number, line } = this.#row;
    return toPlacedError(error, {
      place: `${nameOf(this.#flags.input)}, row ${number}${line === undefined ? "" : `, line ${line}`}`,
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

  /** Reads up to the first row, and looks whether the template fits to the table. */
  async openRows(template: RowTemplate): Promise<AsyncIterable<Row>> {
    const rows = readRows(this.#flags.input, this.#toReadOptions(template));
    const first = await rows.next();
    if (first.done) throw noRow(this.#flags.input, this.#failures.count);
    if (first.value.columns !== undefined) template.assertColumns(first.value.columns);
    return takeRows(this.#watchPrompts(withFirst(first.value, rows), template), this.#maxRows);
  }

  /** Looks at what the prompts are made of, and leaves out rows with nothing in them. */
  async *#watchPrompts(rows: AsyncIterable<Row>, template: RowTemplate): AsyncGenerator<Row> {
    for await (const row of rows) {
      if (this.#hasBlankPrompt(row, template) && this.#flags.skipEmpty) this.#leftOut += 1;
      else yield row;
    }
  }

  #hasBlankPrompt(row: Row, template: RowTemplate): boolean {
    try {
      return this.#prompts.add(row.number, template.promptCells(row));
    } catch (error) {
      // It cannot become a request either, which is said with its place.
      if (error instanceof OpenbatchError) return false;
      throw error;
    }
  }

  async write(rows: AsyncIterable<Row>, template: RowTemplate, output: BuildOutput): Promise<BuildOutcome> {
    const sizeBefore = statSync(output.path, { throwIfNoEntry: false })?.size ?? 0;
    const collector = await BatchCollector.open(output.path, this.#toCollectorOptions(output));
    const before = collector.count;
    this.#appendedTo = output.mode === "append" ? output.path : undefined;
    this.#left = { begun: true, written: 0 };
    this.#warnings.settle(before);
    const counts = await this.#addRows(rows, template, collector).catch(async (error: unknown) => {
      this.#left = { begun: true, written: await closeAfterFailure(collector, output.path, sizeBefore) };
      throw error;
    });
    this.#left = { begun: true, written: counts.written };
    this.#warnings.settle(collector.count);
    try {
      collector.close();
    } catch (error) {
      this.#left = { begun: true, written: await countLines(output.path, sizeBefore) };
      throw error;
    }
    const preview = this.#flags.dryRun ? await readRequests(output.path) : undefined;
    if (counts.written + counts.skipped > 0) await output.commit();
    else await output.abandon(this.#left);
    return {
      rows: counts.rows + this.#failures.count - counts.failed + this.#leftOut,
      written: counts.written,
      skipped: counts.skipped,
      failed: this.#failures.count,
      failures: this.#failures.kept,
      warnings: this.#warnings.all,
      blankCells: this.#prompts.blank,
      leftOut: this.#leftOut,
      notes: this.#prompts.toNotes({ skipEmpty: this.#flags.skipEmpty === true }),
      preview,
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

  #addRows(rows: AsyncIterable<Row>, template: RowTemplate, collector: BatchCollector): Promise<BulkCounts> {
    const toRequest = (row: Row) => {
      this.#warnings.settle(collector.count);
      this.#row = row;
      return template.toRequest(row);
    };
    return collector.addMany(rows, toRequest, {
      onError: this.#flags.onError,
      onFailure: ({ error }) => this.#failures.add(this.#row.number, this.toRowError(error)),
      onProgress: (done) => this.progress.update({ count: done.rows, fraction: this.#toFraction(done.rows) }),
      signal: this.#io.signal,
    });
  }

  #toFraction(rows: number): number | undefined {
    if (this.#maxRows === Infinity) return this.#fraction;
    return Math.max(rows / this.#maxRows, this.#fraction ?? 0);
  }

  #toReadOptions(template: RowTemplate): ReadRowsOptions {
    const { onError } = this.#flags;
    const used = new Set(template.columns.flatMap(toPrefixes));
    return {
      ...toReadOptions(this.#flags),
      columns: (names) => names.filter((name) => used.has(name)),
      onBadRow: (error, number) => {
        this.#row = { number };
        if (onError === "stop") throw new OpenbatchError("row_failed", error.message, { cause: error });
        this.#failures.add(number, error);
      },
      onProgress: (fraction) => {
        this.#fraction = fraction;
      },
      signal: this.#io.signal,
    };
  }

  #toCollectorOptions({ mode }: BuildOutput): CollectorOptions {
    return {
      mode,
      buffered: true,
      ensureAscii: this.#flags.ensureAscii === true,
      onDuplicate: mode === "append" ? "skip" : "error",
      allowUnknownParameters: toAllowed(this.#flags),
      target: this.#flags.for,
      onWarning: (warning) => this.#warnings.addOfRequest(warning),
    };
  }
}

function toAllowed({ allowUnknown = [] }: BuildFlags): boolean | readonly string[] {
  return allowUnknown.includes("all") || allowUnknown;
}

/** The columns that a placeholder such as `user.name` may reach into. */
function toPrefixes(name: string): readonly string[] {
  const steps = name.split(".");
  return steps.map((_, index) => steps.slice(0, index + 1).join("."));
}

function nameOf(input: string): string {
  return input === "-" ? "standard input" : input;
}

function noRow(input: string, failed: number): OpenbatchError {
  const name = nameOf(input);
  return failed === 0
    ? new OpenbatchError("invalid_table", `${name} holds no row.`, {
        hint: "Look whether it is the right file.",
      })
    : new OpenbatchError("row_failed", `${name} holds no row that can be read.`, { hint: "Mend its rows." });
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
