/** The id that a template without one of its own gives a row, by its number: `row-000001`. */
export function toRowId(number: number): string {
  return `row-${String(number).padStart(6, "0")}`;
}
