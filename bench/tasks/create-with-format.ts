// The lines that `parse` writes, by `create` with the format written out.
import { readFileSync, rmSync } from "node:fs";
import { BatchCollector, type ChatCompletionParameters } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";
import { Verdict } from "../verdict.js";

type ResponseFormat = NonNullable<ChatCompletionParameters["response_format"]>;

const { file, count } = readArguments();
const response_format = readFormat();

await timeTask(
  () => {
    const collector = new BatchCollector(file, { mode: "overwrite", buffered: true });
    for (const { id, review } of generateRows(count)) {
      collector.chat.completions.create({
        custom_id: id,
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: review }],
        response_format,
      });
    }
    collector.close();
  },
  { file },
);

function readFormat(): ResponseFormat {
  const collector = new BatchCollector(`${file}.one`, { mode: "overwrite" });
  collector.chat.completions.parse({
    custom_id: "one",
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "one" }],
    response_format: Verdict,
  });
  collector.close();
  const line = readFileSync(`${file}.one`, "utf8");
  rmSync(`${file}.one`);
  // The line was written by parse, whose format this is.
  return JSON.parse(line).body.response_format as ResponseFormat;
}
