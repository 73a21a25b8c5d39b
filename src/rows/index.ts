export { readRows, readTable } from "./reading/read-rows.js";
export type { ReadRowsOptions, ReadTableOptions, WrittenAs } from "./reading/read-rows-options.js";
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
export { writeRows, writeTable } from "./writing/write-rows.js";
export type { WriteRowsOptions, WrittenTable } from "./writing/write-rows-options.js";
