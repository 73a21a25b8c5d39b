// A bare loop that parses each request and each result, and makes the vector.
import { resultsOf } from "../inputs/results-of.js";
import { parseLines } from "../parse-lines.js";
import { readArguments, timeTask } from "../report.js";

const { file } = readArguments();

await timeTask(() => {
  let numbers = 0;
  parseLines(file);
  parseLines(resultsOf(file), ({ response }) => {
    numbers += new Float32Array(response.body.data[0]?.embedding ?? []).length;
  });
  if (numbers === 0) throw new Error("There are no vectors.");
});
