import { BatchCollector } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { toParameters } from "../review-request.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  () => {
    const collector = new BatchCollector(file, { mode: "overwrite", buffered: true });
    for (const row of generateRows(count)) collector.chat.completions.create(toParameters(row));
    collector.close();
  },
  { file },
);
