export { Column } from "./column.js";
export { type EscapeOptions, escapeLine } from "./escape-line.js";
export { findJsonFault } from "./json-fault.js";
export { hashKey, KeyIndex, type KeyPlace } from "./key-index.js";
export { LineAppender } from "./line-appender.js";
export { LineScanner, type RawLine } from "./line-scanner.js";
export { openBytes, toPath } from "./open-bytes.js";
export { replaceFile } from "./replace-file.js";
export { writeOutput } from "./write-output.js";
