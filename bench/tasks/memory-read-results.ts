import { readResults } from "openbatch";
import { resultsOf } from "../inputs/results-of.js";
import { readArguments, tellPeak } from "../report.js";
import { Verdict } from "../verdict.js";

const { file, count } = readArguments();
let succeeded = 0;
for await (const { status } of readResults({ requests: file, results: resultsOf(file), format: Verdict })) {
  if (status === "succeeded") succeeded++;
}
if (succeeded !== count) throw new Error(`Of ${count} results ${succeeded} succeeded.`);
tellPeak();
