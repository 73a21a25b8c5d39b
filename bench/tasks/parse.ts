import { BatchCollector } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";
import { Verdict } from "../verdict.js";

const { file, count } = readArguments();

await timeTask(
  () => {
    const collector = new BatchCollector(file, { mode: "overwrite", buffered: true });
    for (const { id, review } of generateRows(count)) {
      collector.chat.completions.parse({
        custom_id: id,
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: review }],
        response_format: Verdict,
      });
    }
    collector.close();
  },
  { file },
);
