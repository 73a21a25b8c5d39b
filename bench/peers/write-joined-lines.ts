// A bare loop that joins lines into strings of 64 KiB and writes those, and checks nothing.
import { writeJoinedLines } from "../join-lines.js";
import { readArguments, timeTask } from "../report.js";
import { toRequestLine } from "../review-request.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(() => writeJoinedLines(file, generateRows(count), toRequestLine), { file });
