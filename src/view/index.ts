export { type WriteReportOptions, type WrittenReport, writeReport } from "./report/write-report.js";
export { serveView, type ViewOptions, type ViewServer } from "./serve-view.js";
export type { JoinedTableOptions } from "./source/joined-table.js";
export type { ViewedFiles } from "./source/viewed-files.js";
