// A bare loop that splits a file into lines and parses each, and checks nothing.
import { parseLines } from "../parse-lines.js";
import { readArguments, timeTask } from "../report.js";

const { file } = readArguments();

await timeTask(() => parseLines(file));
