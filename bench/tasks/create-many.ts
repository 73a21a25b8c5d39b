import { BatchCollector } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { toParameters } from "../review-request.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  async () => {
    const collector = new BatchCollector(file, { mode: "overwrite" });
    await collector.chat.completions.createMany(generateRows(count), toParameters);
    collector.close();
  },
  { file },
);
