// A bare loop: JSON.stringify of each line, gathered in a buffer of 64 KiB, and nothing checked.
import { readArguments, timeTask } from "../report.js";
import { toRequestLine } from "../review-request.js";
import { generateRows } from "../rows.js";
import { writeLines } from "../write-lines.js";

const { file, count } = readArguments();

await timeTask(() => writeLines(file, generateRows(count), toRequestLine), { file });
