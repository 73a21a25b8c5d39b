export { assertBatchFile } from "./assert-batch-file.js";
export { BatchFile } from "./batch-file.js";
export { FilePace, type ReadingOptions, type ReadingProgress } from "./file-pace.js";
export { findMember } from "./find-member.js";
export { FoundId } from "./found-id.js";
export { IdReader } from "./id-reader.js";
export { LeadingStrings } from "./leading-strings.js";
export { type LineBytes, nextEdition, toLineBytes } from "./line-bytes.js";
export { readLineId, readWholeId, toLineId } from "./line-id.js";
export { isMessageRequest, type LineKind, readFileKind, toHeadKind, toLineKind } from "./line-kind.js";
export { LineSet } from "./line-set.js";
export {
  hasByteOrderMark,
  isBlankLine,
  isBlankText,
  toLineText,
  withoutByteOrderMark,
  withoutCarriageReturns,
  withoutMark,
} from "./line-text.js";
export { LineWalker } from "./line-walker.js";
export { LineWindows } from "./line-windows.js";
export { replaceMember } from "./member-text.js";
export { parseLine } from "./parse-line.js";
export { maxLineBytes, type RequestLine, readRequestLine } from "./read-request-line.js";
export { scanMembers } from "./scan-members.js";
export { type Selection, selectLines } from "./select-lines.js";
export { FilledShapes } from "./shapes/filled-shapes.js";
export type { HoleKind } from "./shapes/line-holes.js";
export { LineRun } from "./shapes/line-run.js";
export type { HolesOfLine } from "./shapes/line-shape.js";
export { LineShapes } from "./shapes/line-shapes.js";
export { OutlineReader, type PlacedOutline, type RequestOutline } from "./shapes/outline-reader.js";
export { isRequestText } from "./shapes/request-texts.js";
