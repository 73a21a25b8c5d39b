import { OpenbatchError } from "../../errors/index.js";
import { type ReadRowsOptions, type Row, type RowTemplate, readRows } from "../../index.js";
import { toReadOptions } from "../frame/table-flags.js";
import type { BuildFlags } from "./build-flags.js";
import { type BlankCells, type BlankPart, PromptCells } from "./prompt-cells.js";

export interface BuildRowsOptions {
  readonly flags: BuildFlags;
  readonly template: RowTemplate;
  readonly signal: AbortSignal;
  /** Is told of a row that cannot be read. What it throws ends the reading. */
  readonly onBadRow: (error: OpenbatchError, number: number) => void;
}

/** The rows that a build takes, and what is worth a word about their cells. */
export class BuildRows {
  readonly #options: BuildRowsOptions;
  readonly #maxRows: number;
  readonly #prompts = new PromptCells();
  readonly #tableNotes: string[] = [];
  #leftOut = 0;
  #badRows = 0;
  #fraction: number | undefined;

  constructor(options: BuildRowsOptions) {
    const { dryRun, lines, limit = Infinity } = options.flags;
    this.#options = options;
    this.#maxRows = dryRun ? Math.min(lines, limit) : limit;
  }

  /** Reads up to the first row, and looks whether the template fits to the table. */
  async open(): Promise<AsyncIterable<Row>> {
    const { flags, template } = this.#options;
    const rows = readRows(flags.input, this.#toReadOptions());
    const first = await rows.next();
    if (first.done) throw noRow(flags.input, this.#badRows);
    try {
      if (first.value.columns !== undefined) template.assertColumns(first.value.columns);
    } catch (error) {
      await rows.return(undefined);
      throw error;
    }
    return this.#takeRows(first.value, rows);
  }

  /** Rows left out because their prompt is blank, with `--skip-empty` or `--skip-blank-rows`. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Columns of the prompt with blank cells. */
  get blankCells(): readonly BlankCells[] {
    return this.#prompts.blank;
  }

  toNotes(): readonly string[] {
    return [...this.#tableNotes, ...this.#prompts.toNotes(this.#options.flags)];
  }

  /** How much of the table is done once so many rows are, as far as that is known. */
  toFraction(rows: number): number | undefined {
    if (this.#maxRows === Infinity) return this.#fraction;
    return Math.max(rows / this.#maxRows, this.#fraction ?? 0);
  }

  /**
   * Looks at what the prompts are made of, and leaves out rows with nothing in them. No row is read beyond those that are taken, the
   * first of which was read already.
   */
  async *#takeRows(first: Row, rows: AsyncGenerator<Row>): AsyncGenerator<Row> {
    let taken = 0;
    try {
      let row: Row | undefined = first;
      while (row !== undefined && taken < this.#maxRows) {
        if (this.#isLeftOut(row)) this.#leftOut += 1;
        else {
          yield row;
          taken += 1;
        }
        row = taken < this.#maxRows ? await nextOf(rows) : undefined;
      }
    } finally {
      await rows.return(undefined);
    }
  }

  #isLeftOut(row: Row): boolean {
    const { skipEmpty, skipBlankRows } = this.#options.flags;
    const blank = this.#findBlank(row);
    return skipEmpty ? blank !== "none" : skipBlankRows === true && blank === "all";
  }

  #findBlank(row: Row): BlankPart {
    try {
      return this.#prompts.add(row.number, this.#options.template.promptCells(row));
    } catch (error) {
      // It cannot become a request either, which is said with its place.
      if (error instanceof OpenbatchError) return "none";
      throw error;
    }
  }

  #toReadOptions(): ReadRowsOptions {
    const { flags, template, signal, onBadRow } = this.#options;
    const used = new Set(template.columns.flatMap(toPrefixes));
    return {
      ...toReadOptions(flags),
      columns: (names) => names.filter((name) => used.has(name)),
      onBadRow: (error, number) => {
        this.#badRows += 1;
        onBadRow(error, number);
      },
      onNote: (note) => this.#tableNotes.push(note),
      onProgress: (fraction) => {
        this.#fraction = fraction;
      },
      signal,
    };
  }
}

async function nextOf(rows: AsyncGenerator<Row>): Promise<Row | undefined> {
  const { done, value } = await rows.next();
  return done ? undefined : value;
}

export function nameOfInput(input: string): string {
  return input === "-" ? "standard input" : input;
}

/** The columns that a placeholder such as `user.name` may reach into. */
function toPrefixes(name: string): readonly string[] {
  const steps = name.split(".");
  return steps.map((_, index) => steps.slice(0, index + 1).join("."));
}

function noRow(input: string, failed: number): OpenbatchError {
  const name = nameOfInput(input);
  return failed === 0
    ? new OpenbatchError("invalid_table", `${name} holds no row.`, {
        hint: "Look whether it is the right file.",
      })
    : new OpenbatchError("row_failed", `${name} holds no row that can be read.`, { hint: "Mend its rows." });
}
