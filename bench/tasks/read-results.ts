import { readResults } from "openbatch";
import { resultsOf } from "../inputs/results-of.js";
import { readArguments, timeTask } from "../report.js";
import { Verdict } from "../verdict.js";

const { file, count } = readArguments();

await timeTask(async () => {
  let parsed = 0;
  for await (const result of readResults({ requests: file, results: resultsOf(file), format: Verdict })) {
    if (result.unwrap().parsed.verdict.length > 0) parsed++;
  }
  if (parsed !== count) throw new Error(`Of ${count} results ${parsed} were parsed.`);
});
