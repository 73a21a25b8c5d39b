import { readArguments, timeTask } from "../report.js";
import { showResults } from "../show-results.js";

const { file, count } = readArguments();
const view = await showResults(file);
await timeTask(async () => {
  // The last but one: all that stands before it is searched for nothing.
  const what = `rows?from=0&count=50&q=row-${count - 2}`;
  for (;;) {
    const { isComplete, total } = await view.ask(what);
    if (isComplete === true && total !== 1) throw new Error(`${total} rows were found instead of one.`);
    if (isComplete === true) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});
await view.close();
