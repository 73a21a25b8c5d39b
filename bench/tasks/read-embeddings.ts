import { readResults } from "openbatch";
import { resultsOf } from "../inputs/results-of.js";
import { readArguments, timeTask } from "../report.js";

const { file, count } = readArguments();

await timeTask(async () => {
  let vectors = 0;
  for await (const result of readResults({ requests: file, results: resultsOf(file) })) {
    if (result.unwrap().embedding?.length === 1536) vectors++;
  }
  if (vectors !== count) throw new Error(`Of ${count} results ${vectors} have a vector.`);
});
