// csv-parse alone: an array for each row of a CSV or TSV, and nothing is made of it.
import { createReadStream } from "node:fs";
import { finished } from "node:stream/promises";
import { parse } from "csv-parse";
import { tableOf } from "../inputs/tables.js";
import { readArguments, timeTask } from "../report.js";

const { file, count, input } = readArguments();

await timeTask(async () => {
  const table = createReadStream(tableOf(file, input));
  const records = table.pipe(parse({ delimiter: input === "tsv-table" ? "\t" : "," }));
  // The first is the header.
  let rows = -1;
  records.on("data", () => rows++);
  await finished(records);
  if (rows !== count) throw new Error(`Of ${count} rows ${rows} were read.`);
});
