import { submitBatchFile } from "openbatch/job";
import { readArguments, timeTask } from "../report.js";

const { file, count, baseURL } = readArguments();

await timeTask(async () => {
  const { succeeded } = await submitBatchFile(file, { baseURL });
  if (succeeded !== count) throw new Error(`Of ${count} requests ${succeeded} succeeded.`);
});
