// The bare loop again, for prompts that are made of a text and two values: what is the same in each line is written once.
import { instructions } from "../prompt.js";
import { readArguments, timeTask } from "../report.js";
import { generateRows, type Row } from "../rows.js";
import { writeLines } from "../write-lines.js";

const { file, count } = readArguments();
const system = JSON.stringify({ role: "system", content: instructions });
const beforePrompt = `,"method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","temperature":0,"messages":[${system},{"role":"user","content":`;

await timeTask(() => writeLines(file, generateRows(count), toLine), { file });

function toLine({ id, product, review }: Row): string {
  const prompt = JSON.stringify(`Product: ${product}\nReview: ${review}`);
  return `{"custom_id":${JSON.stringify(id)}${beforePrompt}${prompt}}]}}\n`;
}
