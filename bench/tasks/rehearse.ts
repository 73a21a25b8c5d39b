import { executeBatchFile } from "openbatch/execute";
import { readArguments, timeTask } from "../report.js";

const { file, count } = readArguments();

await timeTask(async () => {
  const { succeeded } = await executeBatchFile(file, { rehearse: true });
  if (succeeded !== count) throw new Error(`Of ${count} requests ${succeeded} succeeded.`);
});
