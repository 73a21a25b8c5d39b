// JSON.parse of each line of a table, and nothing is made of it.
import { tableOf } from "../inputs/tables.js";
import { parseLines } from "../parse-lines.js";
import { readArguments, timeTask } from "../report.js";

const { file, input } = readArguments();

await timeTask(() => parseLines(tableOf(file, input)));
