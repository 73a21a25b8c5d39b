export { type ReadRowsOptions, readRows } from "./read-rows.js";
export type { Row } from "./row.js";
export { type TableFormat, tableFormats } from "./table-format.js";
