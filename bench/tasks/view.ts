import { readArguments, timeTask } from "../report.js";
import { showResults } from "../show-results.js";

const { file } = readArguments();
await timeTask(async () => {
  await (await showResults(file)).close();
});
