// A bare loop that decompresses a file, splits it into lines and parses each, and checks nothing.
import { parseGzippedLines } from "../parse-lines.js";
import { readArguments, timeTask } from "../report.js";

await timeTask(() => parseGzippedLines(readArguments().file));
