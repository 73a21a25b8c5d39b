// The bare loop again, for the lines that `parse` writes: the format is rendered in each.
import { toFormat } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { generateRows, type Row } from "../rows.js";
import { Verdict } from "../verdict.js";
import { writeLines } from "../write-lines.js";

const { file, count } = readArguments();
const { name, strict, schema } = toFormat(Verdict);
const response_format = { type: "json_schema", json_schema: { name, strict, schema } };

await timeTask(() => writeLines(file, generateRows(count), toLine), { file });

function toLine({ id, review }: Row): string {
  const body = { model: "gpt-4o-mini", messages: [{ role: "user", content: review }], response_format };
  return `${JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body })}\n`;
}
