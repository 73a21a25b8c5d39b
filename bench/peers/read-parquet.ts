// hyparquet alone: an object for each row of a table, and nothing is made of it.
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { tableOf } from "../inputs/tables.js";
import { readArguments, timeTask } from "../report.js";

const { file, count, input } = readArguments();

await timeTask(async () => {
  const rows = await parquetReadObjects({
    file: await asyncBufferFromFile(tableOf(file, input)),
    compressors,
  });
  if (rows.length !== count) throw new Error(`Of ${count} rows ${rows.length} were read.`);
});
