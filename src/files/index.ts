export { createOwnFile } from "./create-own-file.js";
export { findLink } from "./find-link.js";
export { joinChunks, readHeadOfChunks } from "./head-of-chunks.js";
export { holdsBytes } from "./holds-bytes.js";
export { isNotFound } from "./is-not-found.js";
export { makeFolder } from "./make-folder.js";
export { openBytes, toPath } from "./open-bytes.js";
export { type FilePlace, type OpenFile, openFile, spoolBytes, toOpenFile, toStretch } from "./open-file.js";
export { type OpenedSource, openSource } from "./open-source.js";
export { removeLeftovers } from "./remove-leftovers.js";
export { replaceFile } from "./replace-file.js";
export {
  isRehearsalFile,
  type RunFiles,
  toClaimsFile,
  toJobFolder,
  toLockFile,
  toRecordFile,
  toReplacedFile,
  toRunFiles,
} from "./run-files.js";
export { RunLock, type RunningProcess } from "./run-lock.js";
export { type RunPaths, toRunPaths } from "./run-paths.js";
export { sizeOf } from "./size-of.js";
export {
  countFreeCores,
  serveThread,
  startWorkers,
  WorkerThread,
  workInThreads,
} from "./worker-threads.js";
export { removeOutput, writeOutput } from "./write-output.js";
