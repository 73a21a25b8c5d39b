import { BatchCollector } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  async () => {
    const collector = new BatchCollector(file, { mode: "overwrite" });
    await collector.chat.completions.createMany(generateRows(count), ({ id, review }) => ({
      custom_id: id,
      model: "gpt-4o-mini",
      messages: [
        { role: "system", content: "Classify the review as positive or negative." },
        { role: "user", content: review },
      ],
      temperature: 0,
    }));
    collector.close();
  },
  { file },
);
