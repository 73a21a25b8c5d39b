// The bare loop of joined lines again, for prompts that are made of a text and two values.
import { closeSync, openSync, writeSync } from "node:fs";
import { instructions } from "../prompt.js";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  () => {
    const fd = openSync(file, "w");
    let text = "";
    for (const { id, product, review } of generateRows(count)) {
      const line = {
        custom_id: id,
        method: "POST",
        url: "/v1/chat/completions",
        body: {
          model: "gpt-4o-mini",
          temperature: 0,
          messages: [
            { role: "system", content: instructions },
            { role: "user", content: `Product: ${product}\nReview: ${review}` },
          ],
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
