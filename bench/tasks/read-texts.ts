import { readResults } from "openbatch";
import { resultsOf } from "../inputs/results-of.js";
import { readArguments, timeTask } from "../report.js";

const { file, count } = readArguments();

await timeTask(async () => {
  let texts = 0;
  for await (const result of readResults({ requests: file, results: resultsOf(file) })) {
    if (result.unwrap().text !== undefined) texts++;
  }
  if (texts !== count) throw new Error(`Of ${count} results ${texts} have a text.`);
});
