import type { WrittenTable } from "../../rows/index.js";
import type { AbsentColumn, DeepCells } from "./result-columns.js";

/** What was written. */
export interface ExportedResults extends WrittenTable {
  readonly columns: readonly string[];
  /** Columns that were asked for and that no result has: their cells are empty. */
  readonly absentColumns: readonly AbsentColumn[];
  readonly deepCells: DeepCells;
}
