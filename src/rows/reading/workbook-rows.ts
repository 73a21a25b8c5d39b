import { countOf, OpenbatchError } from "../../errors/index.js";
import { findOpenElsewhere } from "../table/open-elsewhere.js";
import type { ReadRow } from "../table/row.js";
import { readSheetRows, type SheetFacts, type SheetRow } from "../workbook/sheet-rows.js";
import { type Sheet, Workbook } from "../workbook/workbook.js";
import { SheetTable } from "./sheet-table.js";

export interface WorkbookOptions {
  /** The name of a sheet, or its number from 1. By default the first one that can be seen and has cells. */
  readonly sheet: string | number | undefined;
  readonly header: boolean;
  readonly headerRow: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((fraction: number) => void) | undefined;
  readonly keepDates: boolean;
  readonly onNote: ((note: string) => void) | undefined;
}

/** Rows of one sheet of a workbook of Excel. Formulas are what they gave when the workbook was saved; nothing is computed or run. */
export async function* readWorkbookRows(
  path: string,
  options: WorkbookOptions,
): AsyncGenerator<readonly ReadRow[]> {
  const workbook = await Workbook.open(path, options.signal);
  try {
    const opened = await openSheet(workbook, options);
    const table = new SheetTable(workbook.name, { ...options, sheet: opened.sheet.name });
    options.onNote?.(toSheetNote(workbook, opened.sheet));
    const elsewhere = findOpenElsewhere(path);
    if (elsewhere !== undefined) {
      options.onNote?.(`${path} is open in ${elsewhere.program}: what is not saved there is not read.`);
    }
    try {
      for await (const rows of opened.rows) yield rows.flatMap((row) => table.add(row) ?? []);
      table.end();
    } finally {
      for (const note of toNotes(opened.facts, table, workbook)) options.onNote?.(note);
    }
  } finally {
    workbook.close();
  }
}

interface OpenedSheet {
  readonly sheet: Sheet;
  readonly facts: SheetFacts;
  readonly rows: AsyncIterable<readonly SheetRow[]>;
}

async function openSheet(workbook: Workbook, options: WorkbookOptions): Promise<OpenedSheet> {
  const asked = options.sheet;
  const candidates =
    asked === undefined
      ? workbook.sheets.filter(({ isHidden, path }) => !isHidden && path !== undefined)
      : [findSheet(workbook, asked)];
  for (const sheet of candidates) {
    const facts: SheetFacts = {
      ...{ hiddenRows: 0, hiddenColumns: [], errorCells: 0, mergedRanges: 0 },
      ...{ formulas: 0, valuelessFormulas: 0 },
    };
    if (sheet.path === undefined)
      throw noCells(workbook, `the sheet ${JSON.stringify(sheet.name)} is a chart`, [sheet]);
    const rows = readSheetRows(workbook, sheet.path, { ...options, facts });
    const first = await nextRows(rows);
    if (first !== undefined) return { sheet, facts, rows: withFirst(first, rows) };
    if (asked !== undefined)
      throw noCells(workbook, `the sheet ${JSON.stringify(sheet.name)} holds no cell`, [sheet]);
  }
  throw noCells(workbook, "no sheet that can be seen holds a cell", candidates);
}

/** The next rows that are any; what is left is given up where there are none. */
async function nextRows(rows: AsyncGenerator<readonly SheetRow[]>): Promise<readonly SheetRow[] | undefined> {
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    if (next.value.length > 0) return next.value;
  }
  return undefined;
}

async function* withFirst(
  first: readonly SheetRow[],
  rest: AsyncGenerator<readonly SheetRow[]>,
): AsyncGenerator<readonly SheetRow[]> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** A name wins over a number: a sheet may be called 2. */
function findSheet({ sheets, name }: Workbook, asked: string | number): Sheet {
  const text = String(asked);
  const byName = typeof asked === "string" ? findByName(sheets, text) : undefined;
  const found = byName ?? (/^\d+$/.test(text) ? sheets[Number(text) - 1] : undefined);
  if (found !== undefined) return found;
  throw new OpenbatchError(
    "invalid_option",
    `${name} has no sheet ${typeof asked === "string" ? JSON.stringify(asked) : asked}; it has ${listSheets(sheets)}.`,
    { hint: "Name one of them, or its number from 1: sheet (--sheet)." },
  );
}

function findByName(sheets: readonly Sheet[], asked: string): Sheet | undefined {
  const lower = asked.toLowerCase();
  return sheets.find(({ name }) => name === asked) ?? sheets.find(({ name }) => name.toLowerCase() === lower);
}

const maxListed = 10;

function listSheets(sheets: readonly Sheet[]): string {
  return toList(sheets.map(({ name, isHidden }) => `${JSON.stringify(name)}${isHidden ? " (hidden)" : ""}`));
}

function toList(names: readonly string[]): string {
  const rest = names.length - maxListed;
  return `${names.slice(0, maxListed).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** What was looked at already is not named again. */
function noCells({ name, sheets }: Workbook, what: string, passed: readonly Sheet[]): OpenbatchError {
  const others = sheets.filter((sheet) => !passed.includes(sheet));
  const hint =
    others.length === 0
      ? "Look whether it is the right file: nothing in it holds a cell."
      : `Name a sheet: sheet (--sheet); the workbook has also ${listSheets(others)}.`;
  return new OpenbatchError("invalid_table", `${name}: ${what}.`, { hint });
}

function toSheetNote({ name, sheets }: Workbook, sheet: Sheet): string {
  const others = sheets.filter((other) => other !== sheet);
  const rest = others.length === 0 ? "" : ` It has also ${listSheets(others)}: --sheet reads another.`;
  return `The sheet ${JSON.stringify(sheet.name)} of ${name} was read.${rest}`;
}

/** Some programs write 0 as the value of a formula, others none at all: what it gives is known once a spreadsheet has saved it. */
function toFormulaNotes(
  { formulas, valuelessFormulas }: SheetFacts,
  { isUncomputed }: Workbook,
): readonly string[] {
  const wayOut = "open the workbook in a spreadsheet and save it there";
  if (isUncomputed && formulas > valuelessFormulas) {
    return [
      `${countOf(formulas, "formula")} may not have the value that they give, but 0 or none: ${wayOut}.`,
    ];
  }
  if (valuelessFormulas === 0) return [];
  return [
    `${countOf(valuelessFormulas, "formula")} saved without a value: null. For what they give, ${wayOut}.`,
  ];
}

function toNotes(facts: SheetFacts, table: SheetTable, workbook: Workbook): readonly string[] {
  const { hiddenRows, errorCells, mergedRanges } = facts;
  const hidden = table.hiddenColumns(facts.hiddenColumns);
  return [
    ...(hiddenRows === 0 ? [] : [`${countOf(hiddenRows, "row")} of the sheet hidden: read all the same.`]),
    ...(hidden.length === 0 ? [] : [`Columns of the sheet hidden: ${toList(hidden)}; read all the same.`]),
    ...(errorCells === 0 ? [] : [`${countOf(errorCells, "cell")} with an error such as #N/A: null.`]),
    ...toFormulaNotes(facts, workbook),
    ...(mergedRanges === 0
      ? []
      : [`${countOf(mergedRanges, "range")} of merged cells: the value is in the first cell alone.`]),
  ];
}
