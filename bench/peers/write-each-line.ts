// A bare loop that writes each line as it comes, and checks nothing.
import { closeSync, openSync, writeSync } from "node:fs";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  () => {
    const fd = openSync(file, "w");
    for (const { id, review } of generateRows(count)) {
      const line = {
        custom_id: id,
        method: "POST",
        url: "/v1/chat/completions",
        body: {
          model: "gpt-4o-mini",
          messages: [
            { role: "system", content: "Classify the review as positive or negative." },
            { role: "user", content: review },
          ],
          temperature: 0,
        },
      };
      writeSync(fd, `${JSON.stringify(line)}\n`);
    }
    closeSync(fd);
  },
  { file },
);
