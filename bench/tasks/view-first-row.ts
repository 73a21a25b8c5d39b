import { readArguments, timeTask } from "../report.js";
import { openResultsPage, type ShownResults } from "../show-results.js";

const { file } = readArguments();
let view: ShownResults | undefined;
await timeTask(async () => {
  view = await openResultsPage(file);
  while ((await view.ask("rows?from=0&count=50")).rows.length === 0);
});
await view?.close();
