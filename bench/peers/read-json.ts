// JSON.parse of a whole table, and nothing is made of it.
import { readFileSync } from "node:fs";
import { tableOf } from "../inputs/tables.js";
import { readArguments, timeTask } from "../report.js";

const { file, count, input } = readArguments();

await timeTask(() => {
  // What bench/inputs wrote.
  const { length } = JSON.parse(readFileSync(tableOf(file, input), "utf8")) as unknown[];
  if (length !== count) throw new Error(`Of ${count} rows ${length} were read.`);
});
