// A bare loop that joins lines into strings of 64 KiB and writes those, and checks nothing.
import { closeSync, openSync, writeSync } from "node:fs";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  () => {
    const fd = openSync(file, "w");
    let text = "";
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
      text += `${JSON.stringify(line)}\n`;
      if (text.length >= 65_536) {
        writeSync(fd, text);
        text = "";
      }
    }
    writeSync(fd, text);
    closeSync(fd);
  },
  { file },
);
