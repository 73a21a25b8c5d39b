import { executeBatchFile } from "openbatch/execute";
import { readArguments, timeTask } from "../report.js";

const { file, count, baseURL, concurrency } = readArguments();

await timeTask(async () => {
  const { succeeded } = await executeBatchFile(file, { baseURL, concurrency });
  if (succeeded !== count) throw new Error(`Of ${count} requests ${succeeded} succeeded.`);
});
