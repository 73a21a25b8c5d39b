// `readRows` of a workbook, and nothing is made of it.
import { readRows } from "openbatch";
import { tableOf } from "../inputs/tables.js";
import { readArguments, timeTask } from "../report.js";

const { file, count, input } = readArguments();

await timeTask(async () => {
  let rows = 0;
  for await (const { number } of readRows(tableOf(file, input))) rows = number;
  if (rows !== count) throw new Error(`Of ${count} rows ${rows} were read.`);
});
