import {
  assertOptions,
  flagOption,
  functionOption,
  type OptionRules,
  signalOption,
} from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { type TableFormat, tableFormats } from "../table/table-format.js";
import type { ReadRowsOptions, ReadTableOptions } from "./read-rows-options.js";

type TableOptions = Pick<
  ReadRowsOptions,
  "header" | "headerRow" | "sheet" | "delimiter" | "quote" | "encoding"
>;

const isText = (value: unknown): boolean => typeof value === "string";
const isNumber = (value: unknown): boolean => typeof value === "number";

const rules: OptionRules<ReadRowsOptions> = {
  format: { isValid: isText, expected: `one of ${tableFormats.join(", ")}`, flag: "--input-format" },
  header: { ...flagOption, flag: "--no-header" },
  headerRow: { isValid: isNumber, expected: "a whole number, 1 or more", flag: "--header-row" },
  sheet: {
    isValid: (value) => isText(value) || isNumber(value),
    expected: "the name of a sheet, or its number from 1",
    flag: "--sheet",
  },
  delimiter: { isValid: isText, expected: "a text", flag: "--delimiter" },
  quote: {
    isValid: (value) => isText(value) || value === null,
    expected: "one character, or null",
    flag: "--quote",
  },
  encoding: { isValid: isText, expected: "the name of an encoding", flag: "--encoding" },
  columns: {
    isValid: (value) => (Array.isArray(value) && value.every(isText)) || typeof value === "function",
    expected: "a list of names, or a function that chooses among them",
  },
  onBadRow: functionOption,
  onProgress: functionOption,
  onNote: functionOption,
  signal: signalOption,
};

/** @throws OpenbatchError `invalid_option` for a name that is none, or a value of another type. */
export function assertReadRowsOptions({ onWrittenAs: _, keepDates: __, ...options }: ReadTableOptions): void {
  assertOptions<ReadRowsOptions>(options, rules);
}

/** @throws OpenbatchError `invalid_option` for what cannot be, or says nothing about a table of the format. */
export function assertTableOptions(format: TableFormat, options: TableOptions): void {
  const { delimiter, quote } = options;
  if (!tableFormats.includes(format)) {
    throw new OpenbatchError("invalid_option", `There is no table format ${JSON.stringify(format)}.`, {
      hint: `Use one of ${tableFormats.join(", ")}: format (--input-format).`,
    });
  }
  assertOptionsFit(format, options);
  assertHeaderRow(options);
  if (delimiter !== undefined && (delimiter === "" || /["\r\n]/.test(delimiter))) {
    throw new OpenbatchError("invalid_option", "The delimiter is empty, a quote or a line end.", {
      hint: 'Use a character such as "," or ";" or a tab: delimiter (--delimiter).',
    });
  }
  if (typeof quote === "string" && (quote.length !== 1 || /[\r\n]/.test(quote) || quote === delimiter)) {
    throw new OpenbatchError("invalid_option", "The quote is not one character of its own.", {
      hint: "Use one character, or null where quotes are plain text: quote (--quote CHARACTER, --quote none).",
    });
  }
}

/** What says nothing about a table of the format was meant for another one. */
function assertOptionsFit(format: TableFormat, options: TableOptions): void {
  const { delimiter, quote, header = true, headerRow, sheet, encoding } = options;
  const delimited = format === "csv" || format === "tsv";
  if (!delimited && (delimiter !== undefined || quote !== undefined)) {
    throw saysNothing("Delimiter and quote say", format, "delimiter and quote (--delimiter, --quote)");
  }
  if (!delimited && format !== "xlsx" && (!header || headerRow !== undefined)) {
    throw saysNothing("A header says", format, "header and headerRow (--no-header, --header-row)");
  }
  if (format !== "xlsx" && sheet !== undefined) throw saysNothing("A sheet says", format, "sheet (--sheet)");
  if (format === "xlsx" && encoding !== undefined) {
    throw saysNothing("An encoding says", format, "encoding (--encoding)");
  }
}

function saysNothing(what: string, format: TableFormat, names: string): OpenbatchError {
  return new OpenbatchError("invalid_option", `${what} nothing about a table of ${format}.`, {
    hint: `Leave out ${names}, or say what the table is: format (--input-format).`,
  });
}

function assertHeaderRow({ headerRow, header = true, sheet }: TableOptions): void {
  if (headerRow !== undefined && !(Number.isInteger(headerRow) && headerRow >= 1)) {
    throw new OpenbatchError("invalid_option", "The row of the header is no whole number from 1 on.", {
      hint: "Count as a spreadsheet does, from 1: headerRow (--header-row).",
    });
  }
  if (headerRow !== undefined && !header) {
    throw new OpenbatchError("invalid_option", "A table without a header has no row for it.", {
      hint: "Leave out one of header: false (--no-header) and headerRow (--header-row).",
    });
  }
  if (typeof sheet === "number" && !(Number.isInteger(sheet) && sheet >= 1)) {
    throw new OpenbatchError("invalid_option", "The number of a sheet is no whole number from 1 on.", {
      hint: "Count from 1, or name the sheet: sheet (--sheet).",
    });
  }
}
