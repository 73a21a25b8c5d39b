export {
  type JoinedTableOptions,
  serveView,
  type ViewedFiles,
  type ViewOptions,
  type ViewServer,
  type WriteReportOptions,
  type WrittenReport,
  writeReport,
} from "./view/index.js";
