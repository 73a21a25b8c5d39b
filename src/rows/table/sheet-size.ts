/** As Excel has it: rows, and columns up to XFD. */
export const maxSheetRows = 1_048_576;
export const maxSheetColumns = 16_384;

/** The name of a column as a spreadsheet shows it: A, Z, AA. */
export function toColumnName(index: number): string {
  const letter = String.fromCharCode(0x41 + (index % 26));
  return index < 26 ? letter : `${toColumnName(Math.floor(index / 26) - 1)}${letter}`;
}
