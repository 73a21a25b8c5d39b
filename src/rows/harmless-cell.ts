/** What makes a spreadsheet run a cell, in ASCII and in full width; a tab and a carriage return, which it passes over. */
const formula = /^(?:[\t\r]|\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/;

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Puts an apostrophe before text that a spreadsheet would run as a formula, so that it shows it instead. */
export function toHarmlessText(text: string): string {
  return formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}
