// A bare loop that writes each line as it comes, and checks nothing.
import { closeSync, openSync, writeSync } from "node:fs";
import { readArguments, timeTask } from "../report.js";
import { toRequestLine } from "../review-request.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  () => {
    const fd = openSync(file, "w");
    for (const row of generateRows(count)) writeSync(fd, toRequestLine(row));
    closeSync(fd);
  },
  { file },
);
