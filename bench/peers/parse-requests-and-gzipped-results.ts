// A bare loop that splits a batch file and its compressed results into lines and parses each.
import { resultsOf } from "../inputs/results-of.js";
import { parseGzippedLines, parseLines } from "../parse-lines.js";
import { readArguments, timeTask } from "../report.js";

const { file } = readArguments();

await timeTask(async () => {
  parseLines(file);
  await parseGzippedLines(resultsOf(file));
});
