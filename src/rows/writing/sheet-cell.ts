import { OpenbatchError } from "../../errors/index.js";
import { toCellJson } from "../table/cell-json.js";
import { DateCell } from "../table/date-cell.js";
import { cellStyles } from "./workbook-parts.js";

/** Characters that a cell of Excel may have. */
const maxCharacters = 32_767;
/** Text that is wrapped, because it would run far to the right. */
const longText = 60;

const dayMs = 86_400_000;
/** The first of January 1970, in days of Excel. */
const epochSerial = 25_569;
/** The first of March 1900: before it Excel counts a day that never was. */
const firstSerial = 61;

/** A cell as the XML of a sheet; nothing for what is null. Text is never a formula, whatever it begins with. */
export function toCellXml(cell: unknown, place: string): string {
  const value = toSimple(cell);
  if (value === null) return "";
  if (typeof value === "number") return `<c r="${place}"><v>${value}</v></c>`;
  if (typeof value === "boolean") return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (value instanceof DateCell)
    return `<c r="${place}" s="${cellStyles[value.kind]}"><v>${value.serial}</v></c>`;
  return toTextXml(value, place, isLong(value) ? cellStyles.wrapped : cellStyles.plain);
}

export function toTextXml(text: string, place: string, style: number): string {
  if (text.length > maxCharacters) {
    throw new OpenbatchError(
      "invalid_table",
      `The cell ${place} would have ${text.length} characters; one of Excel has at most 32,767.`,
      { hint: "Write the table as .parquet, .csv or .jsonl, or leave out the column: columns (--columns)." },
    );
  }
  const styled = style === 0 ? "" : ` s="${style}"`;
  return `<c r="${place}" t="inlineStr"${styled}><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

/** How wide a column should be for a cell, in characters. */
export function widthOf(cell: unknown): number {
  const value = toSimple(cell);
  if (typeof value === "string")
    return Math.max(
      0,
      ...value
        .slice(0, 1000)
        .split("\n")
        .map(({ length }) => length),
    );
  if (value instanceof DateCell) return 19;
  return value === null ? 0 : String(value).length;
}

function isLong(text: string): boolean {
  return text.length > longText || text.includes("\n");
}

type SimpleValue = null | string | number | boolean | DateCell;

function toSimple(cell: unknown): SimpleValue {
  if (typeof cell === "string" || cell instanceof DateCell) return cell;
  if (cell instanceof Date) return toDateCell(cell);
  const json = toCellJson(cell);
  if (/^[[{]/.test(json)) return json;
  // What is no list and no object is a single value.
  return JSON.parse(json) as null | string | number | boolean;
}

function toDateCell(date: Date): SimpleValue {
  const serial = date.getTime() / dayMs + epochSerial;
  if (Number.isNaN(serial)) return null;
  const text = date.toISOString();
  return serial < firstSerial ? text : new DateCell(text, serial, "moment");
}

const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Characters that XML has no place for, or would change. */
const outside = "\\u0001-\\u0008\\u000b-\\u001f";
const needsEscape = new RegExp(`[&<>\\0${outside}_\\ufffe\\uffff]|[\\ud800-\\udfff]`);
/** What would be read as a character that stands as its code. */
const likeEscape = new RegExp(`_(?=x[0-9a-fA-F]{4}(?:_|[${outside}]))`, "g");
const controls = new RegExp(`[${outside}]`, "g");
const noCharacter = /[\0\ufffe\uffff]/g;

/** Text for XML: what it cannot hold stands as Excel writes it, `_x0007_`, and what is no character at all as U+FFFD. */
export function escapeXml(text: string): string {
  if (!needsEscape.test(text)) return text;
  return text
    .toWellFormed()
    .replace(noCharacter, "\ufffd")
    .replace(likeEscape, "_x005F_")
    .replace(
      controls,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
    )
    .replace(/[&<>]/g, (character) => named[character] ?? character);
}
