// The bare loop again, for the lines that `parse` writes: the format is rendered once, and JSON.stringify writes the rest.
import { toFormat } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { generateRows, type Row } from "../rows.js";
import { Verdict } from "../verdict.js";
import { writeLines } from "../write-lines.js";

const { file, count } = readArguments();
const { name, strict, schema } = toFormat(Verdict);
const format = JSON.stringify({ type: "json_schema", json_schema: { name, strict, schema } });

await timeTask(() => writeLines(file, generateRows(count), toLine), { file });

function toLine({ id, review }: Row): string {
  const body = { model: "gpt-4o-mini", messages: [{ role: "user", content: review }] };
  const line = JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });
  // The two braces that close the body and the line come after the format.
  return `${line.slice(0, -2)},"response_format":${format}}}\n`;
}
