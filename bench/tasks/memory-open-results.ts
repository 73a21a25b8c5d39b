import { openResults } from "openbatch";
import { resultsOf } from "../inputs/results-of.js";
import { readArguments, tellPeak } from "../report.js";

const { file, count } = readArguments();
const results = await openResults({ requests: file, results: resultsOf(file) });
let succeeded = 0;
for await (const { custom_id } of results) {
  const result = await results.get(custom_id);
  if (result?.status === "succeeded") succeeded++;
}
if (succeeded !== count) throw new Error(`Of ${count} results ${succeeded} succeeded.`);
await results.close();
tellPeak();
