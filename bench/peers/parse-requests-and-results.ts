// A bare loop that splits a batch file and its results into lines and parses each, and brings nothing together.
import { resultsOf } from "../inputs/results-of.js";
import { parseLines } from "../parse-lines.js";
import { readArguments, timeTask } from "../report.js";

const { file } = readArguments();

await timeTask(() => {
  parseLines(file);
  parseLines(resultsOf(file));
});
