import { openResults, summarizeResults } from "openbatch";
import { resultsOf } from "../inputs/results-of.js";
import { readArguments, timeTask } from "../report.js";

const { file, count } = readArguments();
await timeTask(async () => {
  await using results = await openResults({ requests: file, results: resultsOf(file) });
  const { counts } = await summarizeResults(results);
  if (counts.total !== count) throw new Error(`Of ${count} results ${counts.total} were counted.`);
});
