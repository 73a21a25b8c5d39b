// What the scanner is to those who call it, see src/batch-file/shapes/shape-scanner.ts.
export { matchLine, matchLines, metInLines } from "./match-line";
export { readFloats } from "./read-floats";
export { unescapeText } from "./unescape-text";
