import { countOf } from "../../errors/index.js";

/** What is said of cells of CSV and TSV that a spreadsheet would have run; nothing where there are none. */
export function toFormulaNotes(changedCells: number): readonly string[] {
  if (changedCells === 0) return [];
  const [begin, them, are] = changedCells === 1 ? ["begins", "it", "it is"] : ["begin", "them", "they are"];
  const cells = countOf(changedCells, "cell");
  return [
    `${cells} ${begin} like a formula and got an apostrophe; --keep-formulas leaves ${them} as ${are}.`,
  ];
}
