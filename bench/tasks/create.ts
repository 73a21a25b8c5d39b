import { BatchCollector } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  () => {
    const collector = new BatchCollector(file, { mode: "overwrite" });
    for (const { id, review } of generateRows(count)) {
      collector.chat.completions.create({
        custom_id: id,
        model: "gpt-4o-mini",
        messages: [
          { role: "system", content: "Classify the review as positive or negative." },
          { role: "user", content: review },
        ],
        temperature: 0,
      });
    }
    collector.close();
  },
  { file },
);
