export { type ReadRowsOptions, readRows } from "./read-rows.js";
export type { Row } from "./row.js";
export {
  type TableFormat,
  tableFormats,
  toWritableFormat,
  type WritableFormat,
  writableFormats,
} from "./table-format.js";
export { type WriteRowsOptions, writeRows } from "./write-rows.js";
