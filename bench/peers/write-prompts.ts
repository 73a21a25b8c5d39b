// The bare loop again, for prompts that are made of a text and two values.
import { instructions } from "../prompt.js";
import { readArguments, timeTask } from "../report.js";
import { generateRows, type Row } from "../rows.js";
import { writeLines } from "../write-lines.js";

const { file, count } = readArguments();

await timeTask(() => writeLines(file, generateRows(count), toLine), { file });

function toLine({ id, product, review }: Row): string {
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
  return `${JSON.stringify(line)}\n`;
}
