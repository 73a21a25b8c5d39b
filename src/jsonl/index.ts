export { Column } from "./column.js";
export { type EscapeOptions, escapeLine } from "./escape-line.js";
export { HashIndex, hashKey } from "./hash-index.js";
export { findForeignNumber, findJsonFault } from "./json-fault.js";
export { KeyIndex, type KeyPlace } from "./key-index.js";
export { toConstant } from "./known-json.js";
export { LineAppender } from "./line-appender.js";
export { LineScanner, lineFeed, type RawLine } from "./line-scanner.js";
export { tryParseJson, tryToJson } from "./try-json.js";
