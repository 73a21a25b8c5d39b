export { type WriteReportOptions, type WrittenReport, writeReport } from "./report/write-report.js";
export { createViewApp, type SourceShelf } from "./routes/create-view-app.js";
export { readPageFiles } from "./routes/page-files.js";
export { type EventFeed, SourceEvents } from "./routes/source-events.js";
export type { ViewEnv } from "./routes/view-env.js";
export { serveView, type ViewOptions, type ViewServer } from "./serve-view.js";
export type { JoinedTableOptions } from "./source/joined-table.js";
export { type LiveFile, type LiveFiles, openAsFound, openLiveFiles } from "./source/live-files.js";
export { type PacedRun, toRunActivity } from "./source/run-activity.js";
export type { FollowableSource } from "./source/view-source.js";
export type { ViewedFiles } from "./source/viewed-files.js";
export type {
  CheckedUpload,
  ServedBatch,
  ServedFile,
  ServedLimit,
  ServedUpstream,
  ServedWorker,
  ServiceEvent,
  ServiceMachines,
  ServiceState,
  UploadFinding,
} from "./wire/service.js";
export type { RunActivity } from "./wire/source-activity.js";
