export {
  type ReadRowsOptions,
  type ReadTableOptions,
  readRows,
  readTable,
  type WrittenAs,
} from "./reading/read-rows.js";
export { findOpenElsewhere, type OpenElsewhere } from "./table/open-elsewhere.js";
export type { Row } from "./table/row.js";
export { assertRowsFit } from "./table/sheet-size.js";
export {
  type TableFormat,
  tableFormats,
  toWritableFormat,
  type WritableFormat,
  writableFormats,
} from "./table/table-format.js";
export { type WriteRowsOptions, type WrittenTable, writeRows, writeTable } from "./writing/write-rows.js";
